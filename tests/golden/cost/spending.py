"""Golden plans about what a month costs, who is told, and what is bought beyond the need."""

from typing import Final

from tests.golden.recipe import Scenario
from tests.golden.settings import attribute
from tests.support.cutting import only
from tests.support.database_clusters import CLUSTER, NOTHING, aurora, multi_az
from tests.support.making import added, another, becomes, schedule, subnet
from tests.support.recipe_edits import Edit, known, left_out, together, unknown, without

SERVICE = "aws_ecs_service.api"
BUDGET = "aws_budgets_budget.monthly"
ENDPOINT = "aws_vpc_endpoint.s3"
DATABASE = "aws_db_instance.main"
TARGET = "aws_appautoscaling_target.api"
MOVED: Final = ("aws_appautoscaling_target.api.resource_id", TARGET)
TASK = "aws_ecs_task_definition.api"
BALANCER = "aws_lb.main"
LISTENER = "aws_lb_listener.https"
PAID = only("corrected", DATABASE, SERVICE, TASK, TARGET, BALANCER)
INHERITED_WHOLE = only("inherited", DATABASE, SERVICE, TASK, BALANCER)
STRANGE = added("aws_msk_cluster.events", {"cluster_name": "events", "number_of_broker_nodes": 3})
SPOT = known(
    SERVICE,
    "capacity_provider_strategy",
    [{"base": 0, "capacity_provider": "FARGATE_SPOT", "weight": 1}],
)
LARGE = known(DATABASE, "instance_class", "db.m6g.2xlarge")
ALERT = "notification[0]"
ALERT_TYPE = known(BUDGET, f"{ALERT}.threshold_type", "ABSOLUTE_VALUE")
# The other alert is for spending less, which does not count.
ONE_ALERT = known(BUDGET, "notification[1].comparison_operator", "LESS_THAN")


SERVICES = only("corrected", SERVICE)
SUBNETS = "network_configuration[0].subnets"
# The subnets of the service are made by the plan.
OWN_NETWORK = (
    subnet("one", "eu-west-1a"),
    subnet("two", "eu-west-1b"),
    unknown(
        *(SERVICE, SUBNETS, "aws_subnet.one.id", "aws_subnet.one"),
        *("aws_subnet.two.id", "aws_subnet.two"),
    ),
)
NAT = added("aws_nat_gateway.main", {"connectivity_type": "public"})


def route(way: str) -> Edit:
    """A route to everywhere, by this way."""
    return added("aws_route.out", {"destination_cidr_block": "0.0.0.0/0", way: "some-1"})


def address(name: str) -> dict[str, object]:
    """The values of a public address that nothing is attached to."""
    return {"domain": "vpc", "instance": None, "network_interface": None, "tags": {"Name": name}}


SCENARIOS = [
    Scenario("CST-08.1", only("corrected", SERVICE, BUDGET))
    .satisfied("as corrected")
    .satisfied(
        "by mail", known(BUDGET, "notification[0].subscriber_email_addresses", ["us@example.com"])
    )
    .violated("no budget", without(BUDGET))
    .violated("nobody is told", left_out(BUDGET, "notification"))
    .violated(
        "told when twice as much is spent",
        known(BUDGET, "notification[0].threshold", 200),
        known(BUDGET, "notification[1].threshold", 200),
    )
    .violated(
        "told while little is spent",
        known(BUDGET, "notification[0].comparison_operator", "LESS_THAN"),
        known(BUDGET, "notification[1].comparison_operator", "LESS_THAN"),
        deceit="spelling",
    )
    .violated("a budget of usage", known(BUDGET, "budget_type", "USAGE"), deceit="engine")
    .violated("a budget of a year", known(BUDGET, "time_unit", "ANNUALLY"))
    .satisfied("one amount within the limit", ALERT_TYPE, known(BUDGET, f"{ALERT}.threshold", 400))
    .violated(
        "an amount far above the limit",
        ONE_ALERT,
        ALERT_TYPE,
        known(BUDGET, f"{ALERT}.threshold", 99_999_999),
    )
    .violated(
        "an amount below 100 above a small limit",
        ONE_ALERT,
        ALERT_TYPE,
        known(BUDGET, "limit_amount", "50"),
        deceit="unit",
    )
    .violated(
        "ended last year", known(BUDGET, "time_period_end", "2025-06-01_00:00"), deceit="overruled"
    )
    .satisfied("ends next year", known(BUDGET, "time_period_end", "2027-01-01_00:00"))
    .undetermined("ends some day", unknown(BUDGET, "time_period_end"), deceit="perhaps")
    .violated("as inherited", base=only("inherited", SERVICE))
    .violated(
        "a budget of usage whose alerts are known after apply",
        known(BUDGET, "budget_type", "USAGE"),
        unknown(BUDGET, "notification"),
    )
    .undetermined("type of budget known after apply", unknown(BUDGET, "budget_type"))
    .undetermined("period known after apply", unknown(BUDGET, "time_unit"))
    .undetermined("threshold known after apply", ONE_ALERT, unknown(BUDGET, f"{ALERT}.threshold"))
    .undetermined(
        "an amount and AWS adjusts the limit",
        ONE_ALERT,
        ALERT_TYPE,
        left_out(BUDGET, "limit_amount"),
    )
    .undetermined(
        "unit of the threshold known after apply",
        ONE_ALERT,
        known(BUDGET, f"{ALERT}.threshold", 400),
        unknown(BUDGET, f"{ALERT}.threshold_type"),
    )
    .undetermined("known after apply", unknown(BUDGET, "notification")),
    attribute(
        *("CST-08.2", only("corrected", BUDGET), BUDGET, "limit_amount"),
        good={"just so": "500"},
        bad={"a cent more": "500.01", "no number": "much"},
        unset="undetermined",
    ).undetermined("in another currency", known(BUDGET, "limit_unit", "EUR"), deceit="unit"),
    Scenario("CST-08.3", only("corrected", BUDGET, tags=True))
    .satisfied("as corrected")
    .satisfied("everything", left_out(BUDGET, "cost_filter"))
    .satisfied(
        "one of two", known(BUDGET, "cost_filter[0].values", ["user:A$b", "user:Service$classifier"])
    )
    .satisfied("of a service of AWS", known(BUDGET, "cost_filter[0].name", "Service"))
    .violated(
        "a template",
        known(BUDGET, "cost_filter[0].values", ["user:Service${var.service}"]),
        deceit="spelling",
    )
    .violated("another value", known(BUDGET, "cost_filter[0].values", ["user:Service$other"]))
    .undetermined("known after apply", unknown(BUDGET, "cost_filter[0].values"))
    .undetermined(
        "a tag known after apply",
        known(BUDGET, "cost_filter[0].values", ["user:Service$other"]),
        unknown(BUDGET, "tags_all"),
    ),
    Scenario("CST-10.1", only("corrected", SERVICE, ENDPOINT))
    .satisfied("as corrected")
    .violated("no endpoint", without(ENDPOINT))
    .violated("of another kind", known(ENDPOINT, "vpc_endpoint_type", "Interface"), deceit="engine")
    .violated("for another service", known(ENDPOINT, "service_name", "com.amazonaws.eu-west-1.ecr.api"))
    .violated("in no route table", known(ENDPOINT, "route_table_ids", []), deceit="empty")
    .violated("as inherited", base=only("inherited", SERVICE))
    .violated("a NAT gateway in the network of the plan", *OWN_NETWORK, NAT, base=SERVICES)
    .violated(
        "one network of the plan and one elsewhere",
        *OWN_NETWORK,
        another(SERVICE, "far"),
        known("aws_ecs_service.far", SUBNETS, ["subnet-1"]),
        base=SERVICES,
        deceit="another one",
    )
    .violated(
        "a way to a network with a gateway", *OWN_NETWORK, route("transit_gateway_id"), base=SERVICES
    )
    .violated("a route to an instance", *OWN_NETWORK, route("network_interface_id"), base=SERVICES)
    .satisfied("a NAT gateway and the endpoint", *OWN_NETWORK, NAT)
    .undetermined("service known after apply", unknown(ENDPOINT, "service_name"))
    .undetermined("route tables known after apply", unknown(ENDPOINT, "route_table_ids")),
    Scenario("CST-11.1", PAID)
    .satisfied("as corrected")
    .satisfied("Spot counts at its full price", SPOT)
    .violated("a large class", LARGE)
    .violated("forty tasks at the least", known(TARGET, "min_capacity", 40), deceit="companion")
    .violated("as inherited", base=INHERITED_WHOLE)
    .violated("over, and something unknown", LARGE, unknown(TARGET, "min_capacity"))
    .undetermined("size of the storage known after apply", unknown(DATABASE, "allocated_storage"))
    .undetermined("class known after apply", unknown(DATABASE, "instance_class"))
    .undetermined("class without a price", known(DATABASE, "instance_class", "db.x2g.large"))
    .undetermined("type without prices", STRANGE, deceit="shape")
    .undetermined("fewest tasks known after apply", unknown(TARGET, "min_capacity"))
    .undetermined(
        "task definition elsewhere", known(SERVICE, "task_definition", "api:7"), deceit="companion"
    ),
    Scenario("CST-11.2", PAID)
    .satisfied("as corrected")
    .violated("ceiling of forty tasks", known(TARGET, "max_capacity", 40))
    .violated(
        "storage may grow to four terabytes",
        known(DATABASE, "max_allocated_storage", 4000),
        deceit="companion",
    )
    .violated("as inherited", base=INHERITED_WHOLE)
    .violated(
        "ceiling of forty at night", schedule("night", *MOVED, max_capacity="40"), deceit="overruled"
    )
    .violated("forty desired", known(SERVICE, "desired_count", 40), deceit="overruled")
    .undetermined("ceiling at night known after apply", schedule("night", *MOVED, later=True))
    .undetermined("forty of an unknown service", schedule("night", "local.scaled", max_capacity="40"))
    .undetermined("ceiling known after apply", unknown(TARGET, "max_capacity"))
    .undetermined("the price of Spot decides", SPOT, known(TARGET, "max_capacity", 20))
    .undetermined("type without prices", STRANGE),
    Scenario("CST-12.1", only("corrected", DATABASE, SERVICE, TASK, TARGET))
    .satisfied("as corrected")
    .satisfied(
        "dear, and no dearer",
        LARGE,
        becomes(DATABASE, "no-op"),
        base=only("corrected", DATABASE),
    )
    .violated("a large class", LARGE)
    .violated(
        "a second large one",
        another(DATABASE, "second", instance_class="db.m6g.2xlarge"),
        deceit="another one",
    )
    .violated("as inherited", base=INHERITED_WHOLE)
    .undetermined(
        "size of the storage known after apply", unknown(DATABASE, "allocated_storage"), deceit="perhaps"
    )
    .undetermined("type without prices", STRANGE, deceit="shape"),
    Scenario("CST-13.1", only("corrected", BALANCER, "aws_lb_listener", "aws_lb_target_group"))
    .satisfied("passes requests on")
    .satisfied(
        "address of a NAT gateway",
        added("aws_eip.nat", address("nat")),
        added(
            "aws_nat_gateway.main",
            {"connectivity_type": "public", "subnet_id": "subnet-25773dcdd7fab41ad"},
            refers={"allocation_id": ["aws_eip.nat.id", "aws_eip.nat"]},
        ),
    )
    .violated("redirects alone", without(LISTENER), deceit="empty")
    .violated(
        "forwards to nothing",
        known(
            LISTENER,
            "default_action[0].forward",
            [{"stickiness": [], "target_group": [{"arn": "arn:aws:x", "weight": 0}]}],
        ),
        deceit="overruled",
    )
    .violated("no listener", without(LISTENER), without("aws_lb_listener.http"))
    .violated("address that nothing uses", added("aws_eip.spare", address("spare")), deceit="companion")
    .violated(
        "second one without a listener", another(BALANCER, "second", name="second"), deceit="another one"
    )
    .undetermined(
        "listener of an unknown load balancer",
        unknown(LISTENER, "load_balancer_arn", "local.balancer"),
    )
    .undetermined(
        "user of an address known after apply",
        added("aws_eip.spare", address("spare")),
        unknown("aws_eip.spare", "instance"),
    )
    .undetermined(
        "kind of action known after apply",
        without("aws_lb_listener.http"),
        unknown(LISTENER, "default_action[0].type"),
    ),
    Scenario("CST-14.1", only("corrected", SERVICE, TASK, TARGET))
    .satisfied("half a processor")
    .violated("smaller than the need", known(TASK, "cpu", "256"), known(TASK, "memory", "512"))
    .violated("smaller in memory alone", known(TASK, "memory", "512"), deceit="unit")
    .violated(
        "smaller in processors and larger in memory",
        known(TASK, "cpu", "256"),
        known(TASK, "memory", "2048"),
        deceit="unit",
    )
    .violated("a whole processor", known(TASK, "cpu", "1024"), known(TASK, "memory", "2048"))
    .violated("memory alone", known(TASK, "memory", "2048"))
    .violated("as inherited", base=only("inherited", SERVICE, TASK))
    .undetermined("size known after apply", unknown(TASK, "cpu"))
    .undetermined(
        "task definition elsewhere", known(SERVICE, "task_definition", "api:7"), deceit="companion"
    ),
    Scenario("CST-14.2", only("corrected", SERVICE, TASK, TARGET))
    .satisfied("two")
    .satisfied("one", known(TARGET, "min_capacity", 1))
    .satisfied("one at night", schedule("night", *MOVED, min_capacity="1"))
    .violated("ten at night", schedule("night", *MOVED, min_capacity="10"), deceit="overruled")
    .undetermined("ten of an unknown service", schedule("night", "local.scaled", min_capacity="10"))
    .violated("three", known(TARGET, "min_capacity", 3))
    .violated(
        "three of a service that nothing scales",
        without(TARGET),
        known(SERVICE, "desired_count", 3),
        deceit="default",
    )
    .violated("as inherited", base=only("inherited", SERVICE, TASK))
    .undetermined("floor known after apply", unknown(TARGET, "min_capacity"))
    .undetermined(
        "target of an unknown service",
        known(SERVICE, "name", "elsewhere"),
        unknown(TARGET, "resource_id", "local.scaled"),
        deceit="perhaps",
    ),
    Scenario("CST-14.3", only("corrected", DATABASE))
    .satisfied("the cheapest that fits")
    .violated("smaller than the need", known(DATABASE, "instance_class", "db.t4g.micro"))
    .violated("the next one", known(DATABASE, "instance_class", "db.t4g.large"))
    .violated(
        "same memory, dearer", known(DATABASE, "instance_class", "db.t3.medium"), deceit="spelling"
    )
    .undetermined("class without a price", known(DATABASE, "instance_class", "db.x2g.large"))
    .undetermined("class known after apply", unknown(DATABASE, "instance_class")),
    Scenario("CST-14.3", NOTHING)
    .undetermined("three machines", multi_az())
    .undetermined("aurora", aurora())
    .undetermined("aurora without instances", aurora(instances=())),
    Scenario("CST-14.4", only("corrected", DATABASE))
    .satisfied("what gp3 includes")
    .satisfied("gp2", known(DATABASE, "storage_type", "gp2"))
    .satisfied("what 400 GiB of gp3 have, read from AWS", known(DATABASE, "iops", 12000))
    .violated("io1", together(known(DATABASE, "storage_type", "io1"), known(DATABASE, "iops", 3000)))
    .violated("io2", together(known(DATABASE, "storage_type", "io2"), known(DATABASE, "iops", 3000)))
    .violated(
        "small io1",
        *(known(DATABASE, "storage_type", "io1"), known(DATABASE, "iops", 3000)),
        known(DATABASE, "allocated_storage", 100),
    )
    .violated("gp3 with more", known(DATABASE, "iops", 14000), deceit="engine")
    .violated(
        "small gp3 with more",
        together(known(DATABASE, "iops", 12000), known(DATABASE, "allocated_storage", 399)),
        deceit="unit",
    )
    .undetermined(
        "size known after apply",
        together(known(DATABASE, "iops", 12000), unknown(DATABASE, "allocated_storage")),
    )
    .violated("as inherited", base=only("inherited", DATABASE))
    .undetermined("kind known after apply", unknown(DATABASE, "storage_type"))
    .undetermined(
        "operations known after apply", known(DATABASE, "storage_type", "io1"), unknown(DATABASE, "iops")
    ),
    Scenario("CST-14.4", NOTHING)
    .satisfied("aurora", aurora())
    .undetermined(
        "engine of a cluster known after apply", aurora(instances=()), unknown(CLUSTER, "engine")
    )
    .violated("three machines", multi_az(), deceit="engine")
    .undetermined("three machines known after apply", multi_az(), unknown(CLUSTER, "iops")),
]
