"""Golden plans about staying up: enough tasks, zones and standbys."""

from typing import Final

from tests.golden.recipe import Scenario
from tests.golden.settings import attribute
from tests.support.cutting import only
from tests.support.database_clusters import (
    CLUSTER,
    NOTHING,
    OF_RDS,
    ONE,
    SEEN,
    TWO,
    aurora,
    documents,
    instance,
    multi_az,
    serverless,
)
from tests.support.making import added, another, looked_up_at_apply, schedule, subnet
from tests.support.recipe_edits import known, left_out, partly_known, unknown, without

DATABASE = "aws_db_instance.main"
SERVICE = "aws_ecs_service.api"
TARGET = "aws_appautoscaling_target.api"
MOVED: Final = ("aws_appautoscaling_target.api.resource_id", TARGET)
SUBNETS = "network_configuration[0].subnets"
SCALED_SERVICES = only("corrected", "aws_ecs_service", "aws_appautoscaling_target")
DATABASES = only("corrected", DATABASE)
SERVICES = only("corrected", SERVICE)
INHERITED_SERVICE = only("inherited", SERVICE)
BESIDE: Final = only("corrected", "aws_db_instance")
DOCUMENTS, DOCUMENT_ONE = "aws_docdb_cluster.pages", "aws_docdb_cluster_instance.one"
BALANCER = "aws_lb.main"
SUBNET_GROUP = "aws_db_subnet_group.main"
ONE_SUBNET = ["subnet-12d0764b4a65c7fbf"]

SCENARIOS = [
    Scenario("AVA-01.1", SCALED_SERVICES)
    .satisfied("floor of two")
    .satisfied("nothing scales it and it runs two", without(TARGET))
    .satisfied("floor of two, one desired", known(SERVICE, "desired_count", 1))
    .satisfied(
        "scaled by its literal name",
        known(SERVICE, "cluster", "live"),
        known(SERVICE, "desired_count", 1),
        known(TARGET, "resource_id", "service/live/classifier-production-api"),
    )
    .violated(
        "a service of its name in another cluster is scaled",
        known(SERVICE, "cluster", "live"),
        known(SERVICE, "desired_count", 1),
        known(TARGET, "resource_id", "service/test/classifier-production-api"),
        deceit="spelling",
    )
    .undetermined(
        "scaled by its literal name, cluster known after apply",
        unknown(SERVICE, "cluster"),
        known(TARGET, "resource_id", "service/live/classifier-production-api"),
    )
    .violated("floor of one", known(TARGET, "min_capacity", 1))
    .violated("floor of none", known(TARGET, "min_capacity", 0))
    .violated("nothing scales it and it runs one", without(TARGET), known(SERVICE, "desired_count", 1))
    .violated(
        "second service runs one",
        another(SERVICE, "worker", name="worker", desired_count=1),
    )
    .satisfied("more at night", schedule("night", *MOVED, min_capacity="3"))
    .satisfied("a schedule of the ceiling alone", schedule("night", *MOVED, max_capacity="8"))
    .satisfied(
        "a schedule of another service", schedule("night", resource_id="service/x/y", min_capacity="0")
    )
    .violated("none at night", schedule("night", *MOVED, min_capacity="0", max_capacity="0"))
    .violated(
        "none at night by its literal name",
        known(SERVICE, "cluster", "live"),
        known(TARGET, "resource_id", "service/live/classifier-production-api"),
        schedule("night", resource_id="service/live/classifier-production-api", min_capacity="0"),
    )
    .violated(
        "one on a second target of it",
        another(TARGET, "second", min_capacity=1),
    )
    .undetermined(
        "a schedule of an unknown service", schedule("night", "local.scaled", min_capacity="0")
    )
    .undetermined("floor known after apply", unknown(TARGET, "min_capacity"))
    .undetermined("desired count left out", without(TARGET), left_out(SERVICE, "desired_count"))
    .undetermined(
        "target of an unknown service",
        known(SERVICE, "name", "elsewhere"),
        unknown(TARGET, "resource_id", "local.scaled"),
    ),
    Scenario("AVA-01.2", only("corrected", "aws_ecs_service", "data.aws_subnet", "data.aws_subnets"))
    .satisfied("three zones")
    .satisfied(
        "subnets made by this plan",
        subnet("one", "eu-west-1a"),
        subnet("two", "eu-west-1b"),
        unknown(
            SERVICE,
            SUBNETS,
            "aws_subnet.one.id",
            "aws_subnet.one",
            "aws_subnet.two.id",
            "aws_subnet.two",
        ),
    )
    .violated("one subnet", known(SERVICE, SUBNETS, ["subnet-12d0764b4a65c7fbf"]))
    .violated("one subnet of an unknown zone", known(SERVICE, SUBNETS, ["subnet-0123456789abcdef0"]))
    .violated(
        "two subnets in one zone",
        subnet("one", "eu-west-1a"),
        subnet("two", "eu-west-1a"),
        unknown(
            SERVICE,
            SUBNETS,
            "aws_subnet.one.id",
            "aws_subnet.one",
            "aws_subnet.two.id",
            "aws_subnet.two",
        ),
    )
    .satisfied(
        "one made by this plan beside one that exists",
        subnet("one", "eu-west-1b"),
        partly_known(SERVICE, SUBNETS, *ONE_SUBNET, "aws_subnet.one.id", "aws_subnet.one"),
    )
    .satisfied(
        "zones of subnets that apply looks up",
        looked_up_at_apply("one", "eu-west-1a"),
        looked_up_at_apply("two", "eu-west-1b"),
        unknown(
            SERVICE,
            SUBNETS,
            *("data.aws_subnet.one.id", "data.aws_subnet.one"),
            *("data.aws_subnet.two.id", "data.aws_subnet.two"),
        ),
    )
    .undetermined(
        "two subnets of which one zone is not in the plan",
        known(SERVICE, SUBNETS, [*ONE_SUBNET, "subnet-0123456789abcdef0"]),
    )
    .undetermined(
        "zones nowhere in the plan", base=only("inherited", "aws_ecs_service", "data.aws_subnets")
    )
    .undetermined("subnets known after apply", unknown(SERVICE, SUBNETS))
    .undetermined(
        "some of two subnets, which a local chooses",
        subnet("one", "eu-west-1a"),
        subnet("two", "eu-west-1b"),
        unknown(SERVICE, SUBNETS, "local.chosen", "aws_subnet.one", "aws_subnet.two"),
    ),
    attribute(
        *("AVA-01.3", SERVICES, SERVICE, "availability_zone_rebalancing"),
        bad={"switched off": "DISABLED"},
        unset="undetermined",
    ).violated("as inherited", base=INHERITED_SERVICE),
    Scenario("AVA-02.1", DATABASES)
    .satisfied("standby")
    .violated("no standby", known(DATABASE, "multi_az", False))
    .violated("left out", left_out(DATABASE, "multi_az"))
    .violated("as inherited", base=only("inherited", "aws_db_instance"))
    .violated("second database has none", another(DATABASE, "second", multi_az=False))
    .undetermined("known after apply", unknown(DATABASE, "multi_az")),
    Scenario("AVA-02.1", NOTHING)
    .satisfied("three machines", multi_az())
    .satisfied("aurora chooses the zones", aurora())
    .satisfied(
        "two zones of documents",
        documents(),
        *(known(DOCUMENT_ONE, "availability_zone", "eu-west-1a"),),
        instance("aws_docdb_cluster_instance.two", DOCUMENTS, "eu-west-1b"),
    )
    .satisfied("serverless of the first version moves by itself", serverless(), base=BESIDE)
    .violated("aurora with one instance", aurora(instances=(ONE,)))
    .violated(
        "aurora in one zone",
        aurora(),
        known(ONE, "availability_zone", "eu-west-1a"),
        known(TWO, "availability_zone", "eu-west-1a"),
        deceit="companion",
    )
    .violated("documents with one instance", documents())
    .violated(
        "the other instance is of another cluster",
        aurora(instances=(ONE,)),
        instance(TWO, "aws_rds_cluster.other", **SEEN),
        added("aws_rds_cluster.other", {**OF_RDS, "engine": "aurora-postgresql"}),
        deceit="another one",
    )
    .undetermined("aurora without instances", aurora(instances=()))
    .undetermined(
        "documents choose the zones at apply",
        documents(),
        instance("aws_docdb_cluster_instance.two", DOCUMENTS),
    )
    .undetermined("engine known after apply", aurora(instances=()), unknown(CLUSTER, "engine")),
    Scenario("AVA-03.1", only("corrected", BALANCER, "data.aws_subnet", "data.aws_subnets"))
    .satisfied("three zones")
    .violated("one subnet", known(BALANCER, "subnets", ONE_SUBNET))
    .undetermined("known after apply", unknown(BALANCER, "subnets"))
    .undetermined("as inherited", base=only("inherited", BALANCER, "data.aws_subnets")),
    Scenario(
        "AVA-03.2", only("corrected", DATABASE, SUBNET_GROUP, "data.aws_subnet", "data.aws_subnets")
    )
    .satisfied("three zones")
    .violated("one subnet", known(SUBNET_GROUP, "subnet_ids", ONE_SUBNET))
    .undetermined("known after apply", unknown(SUBNET_GROUP, "subnet_ids"))
    .undetermined("a group elsewhere", known(DATABASE, "db_subnet_group_name", "elsewhere"))
    .undetermined("as inherited", base=only("inherited", DATABASE, SUBNET_GROUP, "data.aws_subnets")),
]
