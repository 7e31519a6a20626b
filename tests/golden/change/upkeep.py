"""Golden plans about data that a change destroys, about versions, and about what is written down."""

from collections.abc import Sequence
from typing import Any, Final

from tests.golden.recipe import Scenario
from tests.golden.settings import attribute, on_instances
from tests.support.container_edits import container, environment
from tests.support.cutting import only
from tests.support.database_clusters import (
    CLUSTER,
    NOTHING,
    ONE,
    TWO,
    aurora,
    documents,
    graph,
    multi_az,
    serverless,
)
from tests.support.making import added, another, becomes, becomes_deposed, keyed, renamed
from tests.support.recipe_edits import (
    Edit,
    found,
    known,
    left_out,
    planned_resources,
    together,
    unknown,
    unwritten,
)
from tests.support.values_and_marks import Document

DATABASE = "aws_db_instance.main"
SERVICE = "aws_ecs_service.api"
BESIDE: Final = only("corrected", "aws_db_instance")
GRAPH, GRAPH_ONE = "aws_neptune_cluster.people", "aws_neptune_cluster_instance.one"
BALANCER = "aws_lb.main"
BALANCERS = only("corrected", BALANCER)
VERSION = "engine_version"
SWITCH = "auto_minor_version_upgrade"
DATABASES = only("corrected", DATABASE)
TASK = "aws_ecs_task_definition.api"
HOST = "aws_ssm_parameter.database_host"
ENDPOINT = "db.c9akciq32rvd.eu-west-1.rds.amazonaws.com"
TASKS_AND_HOST = only("corrected", TASK, HOST, DATABASE)
PROVIDER = "aws"


def destroyed(address: str, by: Sequence[str] = ("delete",), **values: Any) -> tuple[Edit, Edit]:
    """An object of any type exists, and these actions happen to it."""
    return added(address, {"name": "one", **values}), becomes(address, *by)


def version(text: str, engine: str = "postgres", *, switch: bool = True) -> tuple[Edit, ...]:
    """The database is of this version, and RDS raises its minor version or does not."""
    return (
        known(DATABASE, VERSION, text),
        known(DATABASE, "engine", engine),
        known(DATABASE, SWITCH, switch),
    )


def constrained(constraint: str | None) -> Edit:
    """The provider is asked for in these versions; None takes the constraint away."""

    def edit(plan: Document) -> None:
        provider = plan["configuration"]["provider_config"][PROVIDER]
        provider.pop("version_constraint", None)
        if constraint is not None:
            provider["version_constraint"] = constraint

    return edit


def second_provider(constraint: str) -> Edit:
    """Another provider is asked for in these versions."""

    def edit(plan: Document) -> None:
        name = "registry.terraform.io/hashicorp/random"
        other = {"name": "random", "full_name": name, "version_constraint": constraint}
        plan["configuration"]["provider_config"]["random"] = other

    return edit


def declared_alone(name: str) -> Edit:
    """The root module has this variable too, and the plan tells no value of it."""

    def edit(plan: Document) -> None:
        plan["configuration"]["root_module"]["variables"][name] = {}

    return edit


def declared(*names: str) -> Edit:
    """The root module has these variables."""

    def edit(plan: Document) -> None:
        plan["configuration"]["root_module"]["variables"] = {name: {} for name in names}
        plan["variables"] = {name: {"value": "some"} for name in names}

    return edit


def checked(*names: str, module: str = "") -> Edit:
    """These variables have conditions, which hold."""

    def edit(plan: Document) -> None:
        prefix = f"{module}." if module else ""
        inside = {"module": module} if module else {}
        plan["checks"] = [
            {
                "address": {"kind": "var", "name": name, "to_display": f"{prefix}var.{name}", **inside},
                "status": "pass",
            }
            for name in names
        ]

    return edit


def by_terraform(version: str) -> Edit:
    """The plan was made by this version."""

    def edit(plan: Document) -> None:
        plan["terraform_version"] = version

    return edit


def written(value: str) -> Edit:
    """The parameter holds a text that somebody wrote."""
    return known(HOST, "value", value)


def kept_in(source: str) -> Edit:
    """The container fetches the host's name from there."""
    return container(secrets=[{"name": "DB_HOST", "valueFrom": source}])


def in_the_plan_of_the_database(plan: Document) -> None:
    """The whole container is decided at apply, and refers to the database's address."""
    unknown(TASK, "container_definitions", f"{DATABASE}.address", DATABASE)(plan)


def state_known(plan: Document) -> None:
    """The parameter's value is known by now, and still written as a reference."""
    for each in found(plan, HOST):
        each["change"]["after"]["value"] = "classifier.example.rds.amazonaws.com"
        each["change"]["after_unknown"].pop("value", None)
    for each in planned_resources(plan, HOST):
        each["values"]["value"] = "classifier.example.rds.amazonaws.com"


def runs(engine: str, version: str) -> Edit:
    """The database runs this version of an engine."""
    return together(known(DATABASE, "engine", engine), known(DATABASE, "engine_version", version))


SCENARIOS = [
    Scenario("CHG-01.1", only("corrected", "aws_db_instance", "aws_s3_bucket", "aws_kms_key"))
    .satisfied("everything is new")
    .satisfied("in place", becomes(DATABASE, "update"))
    .satisfied("untouched", becomes(DATABASE, "no-op"))
    .satisfied("a moved database", becomes(DATABASE, "no-op"), renamed(DATABASE, "aws_db_instance.old"))
    .satisfied(
        "a service is replaced",
        becomes(SERVICE, "delete", "create"),
        base=only("corrected", "aws_ecs_service", "aws_s3_bucket"),
    )
    .violated("as upgraded", base=only("upgrade", "aws_db_instance"))
    .violated("a database is destroyed", base=only("destroy", "aws_db_instance"))
    .violated("a bucket is destroyed", becomes("aws_s3_bucket.images", "delete"))
    .violated("replaced, create first", becomes(DATABASE, "create", "delete"))
    .violated("replaced, delete first", becomes("aws_kms_key.data", "delete", "create"))
    .violated("forgotten", becomes(DATABASE, "forget"))
    .violated("replaced and forgotten", becomes(DATABASE, "create", "forget"), deceit="before")
    .violated("a deposed database is destroyed", becomes_deposed(DATABASE), deceit="before")
    .violated("a warehouse is destroyed", *destroyed("aws_redshift_cluster.events"))
    .violated("a snapshot is forgotten", *destroyed("aws_ebs_snapshot.last", by=("forget",)))
    .violated("files are replaced", *destroyed("aws_fsx_lustre_file_system.x", by=("delete", "create")))
    .violated("an archive of messages", *destroyed("aws_cloudwatch_event_archive.orders"))
    .undetermined("an instance without its cluster", *destroyed("aws_rds_cluster_instance.reader"))
    .undetermined("a blob", *destroyed("azurerm_storage_blob.page"))
    .undetermined("a private key is replaced", *destroyed("tls_private_key.ca", by=("delete", "create")))
    .undetermined("an object of a bucket", *destroyed("google_storage_bucket_object.report"))
    .undetermined("an object of S3", *destroyed("aws_s3_object.report"))
    .satisfied("a certificate is issued again", *destroyed("tls_locally_signed_cert.web"))
    .satisfied("a rule of a monitor", *destroyed("azurerm_monitor_metric_alert.cpu"))
    .violated("a workspace of a monitor", *destroyed("azurerm_monitor_workspace.figures"))
    .satisfied("settings of a bucket go", *destroyed("aws_s3_bucket_versioning.images"))
    .satisfied("a key to sign in is replaced", *destroyed("aws_key_pair.ops", by=("create", "delete")))
    .satisfied("a topic keeps nothing", *destroyed("aws_sns_topic.alerts", archive_policy=None))
    .violated(
        "a store beside a harmless one",
        becomes("aws_kms_key.data", "delete"),
        *destroyed("null_resource.x"),
    )
    .undetermined("disks of a machine", *destroyed("aws_instance.old"))
    .undetermined(
        "an archive in a topic",
        *destroyed("aws_sns_topic.orders", archive_policy='{"MessageRetentionPeriod":30}'),
        deceit="shape",
    )
    .undetermined("a type that no list has", *destroyed("acme_thing.one"))
    .undetermined(
        "a new type of a known service", *destroyed("aws_rds_hyper_cluster.one"), deceit="shape"
    )
    .undetermined("an unknown one is forgotten", *destroyed("acme_thing.one", by=("forget",)))
    .undetermined(
        "an unknown deposed one", added("acme_thing.one", {}), becomes_deposed("acme_thing.one")
    )
    .undetermined("an unknown one is replaced", *destroyed("acme_thing.one", by=("create", "delete"))),
    Scenario("CHG-01.1", NOTHING)
    .satisfied(
        "instances whose cluster stays",
        aurora(),
        known(ONE, "cluster_identifier", "orders"),
        known(TWO, "cluster_identifier", "orders"),
        becomes(CLUSTER, "no-op"),
        becomes(ONE, "delete", "create"),
        becomes(TWO, "delete"),
    )
    .undetermined(
        "an instance of a cluster elsewhere",
        aurora(),
        known(ONE, "cluster_identifier", "elsewhere"),
        becomes(CLUSTER, "no-op"),
        becomes(ONE, "delete", "create"),
    )
    .violated(
        "an instance goes with its cluster",
        aurora(instances=(ONE,)),
        known(ONE, "cluster_identifier", "orders"),
        becomes(CLUSTER, "delete", "create"),
        becomes(ONE, "delete", "create"),
    ),
    attribute(
        *("CHG-02.1", BALANCERS, BALANCER, "enable_deletion_protection"),
        bad={"switched off": False},
        unset="violated",
    ),
    attribute(
        *("CHG-03.1", DATABASES, DATABASE, "auto_minor_version_upgrade"),
        bad={"switched off": False},
        unset="satisfied",
    ),
    on_instances("CHG-03.1", "auto_minor_version_upgrade", False)
    .satisfied("three machines by default", multi_az())
    .satisfied("documents take none", documents(), base=BESIDE)
    .satisfied("serverless of the first version takes none", serverless(), base=BESIDE),
    Scenario("CHG-03.2", DATABASES)
    .satisfied("as corrected")
    .satisfied("a minor that nobody raises", *version("16.13", switch=False))
    .satisfied("the line of another engine", *version("8.4", "mysql"))
    .satisfied("nobody names a version", left_out(DATABASE, VERSION, computed=True))
    .satisfied("the plan shows what runs", *version("16.13"), unwritten(DATABASE, VERSION))
    .violated("a minor", *version("16.13"))
    .violated("a minor of another engine", *version("8.4.7", "mysql"), deceit="engine")
    .violated(
        "a minor of an edition",
        *version("19.0.0.0.ru-2026-01.rur-2026-01.r1", "oracle-se2"),
        deceit="engine",
    )
    .violated(
        "the switch left to its default", *version("16.13"), left_out(DATABASE, SWITCH), deceit="default"
    )
    .undetermined("switch known after apply", *version("16.13"), unknown(DATABASE, SWITCH))
    .undetermined("engine known after apply", *version("16.13"), unknown(DATABASE, "engine"))
    .undetermined("version known after apply", unknown(DATABASE, VERSION))
    .undetermined("an engine of which nothing is listed", *version("1.2", "of-tomorrow")),
    attribute(
        *("CHG-14.1", DATABASES, DATABASE, "allow_major_version_upgrade"),
        bad={"allowed": True},
        unset="satisfied",
    )
    .satisfied("as inherited", base=only("inherited", DATABASE))
    .violated("a text", known(DATABASE, "allow_major_version_upgrade", "true"), deceit="spelling")
    .violated(
        "one key of two",
        keyed(DATABASE, "allow_major_version_upgrade", {"x": False, "y": True}),
        deceit="another one",
    )
    .violated(
        "one more beside it",
        another(DATABASE, "second", identifier="second", allow_major_version_upgrade=True),
        deceit="another one",
    ),
    attribute(
        *("CHG-04.1", DATABASES, DATABASE, "apply_immediately"),
        bad={"at once": True},
        unset="undetermined",
    ),
    Scenario("CHG-04.1", NOTHING)
    .satisfied("aurora", aurora())
    .violated("aurora at once", aurora(apply_immediately=True))
    .violated(
        "an instance at once", aurora(), known(TWO, "apply_immediately", True), deceit="another one"
    )
    .undetermined("graph known after apply", graph(), unknown(GRAPH, "apply_immediately")),
    attribute(
        *("CHG-05.1", DATABASES, DATABASE, "engine_version"),
        good={"major only": "17"},
        bad={
            "at its end of life": "13.15",
            "a minor that RDS withdrew": "16.8",
            "a build of a minor that RDS withdrew": "17.4-R2",
        },
        unset="undetermined",
    )
    .satisfied("a minor that RDS still creates", known(DATABASE, "engine_version", "16.13"))
    .satisfied("the newest major version", known(DATABASE, "engine_version", "18.1"))
    .satisfied("a build of the newest minor", known(DATABASE, "engine_version", "16.13-R1"))
    .undetermined("a minor before the first", known(DATABASE, "engine_version", "16.0"))
    .undetermined("a minor that nobody has heard of", known(DATABASE, "engine_version", "16.99"))
    .undetermined("a minor of no form", known(DATABASE, "engine_version", "16.08"))
    .undetermined("three parts", known(DATABASE, "engine_version", "16.13.1"))
    .satisfied("MySQL", runs("mysql", "8.4.9"))
    .satisfied("an edition of SQL Server", runs("sqlserver-web", "16.00.4215.2.v1"))
    .satisfied("an edition of Oracle", runs("oracle-se2-cdb", "19.0.0.0.ru-2026-01.rur-2026-01.r1"))
    .violated("MySQL at its end", runs("mysql", "8.0.46"))
    .violated("MariaDB at its end", runs("mariadb", "10.6.23"))
    .violated("MySQL that begins like a supported one", runs("mysql", "8"), deceit="spelling")
    .undetermined("a minor of MySQL that nobody has heard of", runs("mysql", "8.4.99"))
    .undetermined("a major version that nobody has looked at", known(DATABASE, "engine_version", "19"))
    .undetermined("MySQL 9", runs("mysql", "9.7.1"))
    .undetermined("an engine of which nothing is listed", runs("db2-se", "11.5")),
    Scenario("CHG-05.1", NOTHING)
    .satisfied("three machines", multi_az())
    .satisfied("aurora", aurora())
    .violated("aurora at its end of life", aurora(engine_version="11.9"))
    .satisfied("documents", documents(engine_version="5.0.0"))
    .satisfied("graph", graph(engine_version="1.4.5.1"))
    .violated(
        "documents at the end of their support", documents(engine_version="3.6.0"), deceit="engine"
    )
    .violated("graph of an older line", graph(engine_version="1.3.0.0"), deceit="engine")
    .undetermined("documents that do not say it", documents()),
    Scenario("CHG-06.1", only("corrected", DATABASE))
    .satisfied("as corrected")
    .satisfied("exactly one", constrained("5.100.0"))
    .satisfied("between two", constrained(">= 5.0.0, < 6.0.0"))
    .violated("as inherited", base=only("inherited", DATABASE))
    .satisfied("below the next", constrained("< 6.0.0"))
    .satisfied("at most one", constrained("<=5.100"))
    .satisfied("one written out", constrained("= 5.100.0"))
    .satisfied("one with a letter", constrained("v5.100.0"))
    .satisfied("a line of versions", constrained(">= 5.0,~> 5.100"))
    .violated("no end", constrained(">= 5.0.0"))
    .violated("above one", constrained("> 5.0.0"))
    .violated("nothing between two commas", constrained(">= 5.0.0, "))
    .violated("an empty constraint", constrained(""))
    .violated("a second provider has no end", constrained("~> 5.100"), second_provider(">= 3.0"))
    .violated("all but one", constrained("!= 5.1.0"), deceit="empty")
    .never_undetermined("What the source asks for is in every plan."),
    Scenario("CHG-07.1", only("corrected", DATABASE), declared("domain", "owner"))
    .satisfied("all have one", checked("domain", "owner"))
    .violated("one has none", checked("domain"))
    .violated("none has one", checked())
    .violated(
        "only the one in a module",
        checked("domain", "owner", module="module.shop"),
        deceit="another one",
    )
    .violated("as inherited", base=only("inherited", DATABASE))
    .violated("one that the plan gives no value", checked("domain", "owner"), declared_alone("zone"))
    .violated("the first Terraform that lists them", by_terraform("1.6.0"))
    .violated("a Terraform of two digits", by_terraform("1.10.0"))
    .undetermined("a Terraform that lists none", by_terraform("1.5.7")),
    Scenario("CHG-08.1", TASKS_AND_HOST)
    .satisfied("as corrected")
    .satisfied("by the parameter's name", kept_in("/classifier-production/database/host"))
    .satisfied("by reference", in_the_plan_of_the_database)
    .satisfied("known by now", state_known)
    .satisfied("no database", container(secrets=[]))
    .violated("as inherited", base=only("inherited", TASK))
    .violated("a pasted parameter", written(ENDPOINT), deceit="companion")
    .violated("pasted", environment(TASK, {"DATABASE_HOST": "db.c9akciq32rvd.example.com"}))
    .violated(
        "in an address",
        environment(TASK, {"URL": f"postgres://api@{ENDPOINT}:5432/app"}),
        deceit="shape",
    )
    .violated(
        "under another name",
        environment(TASK, {"READER": ENDPOINT.replace("db.", "db.cluster-ro-")}),
        deceit="spelling",
    )
    .satisfied("another host of AWS", environment(TASK, {"QUEUE": "sqs.eu-west-1.amazonaws.com"}))
    .undetermined("a parameter elsewhere", kept_in("/shared/database/host"))
    .undetermined("a secret", kept_in("arn:aws:secretsmanager:eu-west-1:123456789012:secret:db"))
    .undetermined(
        "known after apply",
        together(container(secrets=[]), unknown(TASK, "container_definitions")),
    ),
]
