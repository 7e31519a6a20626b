"""Golden plans about the configuration itself: providers, variables, outputs, and what finds what."""

from typing import Any

from tests.golden.hardening import container
from tests.golden.recipe import Scenario
from tests.support.cutting import only
from tests.support.iam_policies import environment
from tests.support.recipe_edits import Edit, found, known, planned_resources, together, unknown
from tests.support.values_and_marks import Document

TASK = "aws_ecs_task_definition.api"
DATABASE = "aws_db_instance.main"
SERVICE = "aws_ecs_service.api"
GROUP = "aws_db_subnet_group.main"
HOST = "aws_ssm_parameter.database_host"
PUBLIC, PRIVATE = "data.aws_subnet.public", "data.aws_subnet.private"
PROVIDER = "aws"
TASKS = only("corrected", TASK, HOST, DATABASE)
NETWORKS = only("corrected", DATABASE, GROUP, SERVICE, PRIVATE, PUBLIC)


def constrained(constraint: str | None) -> Edit:
    """The provider is asked for in these versions; None takes the constraint away."""

    def edit(plan: Document) -> None:
        provider = plan["configuration"]["provider_config"][PROVIDER]
        provider.pop("version_constraint", None)
        if constraint is not None:
            provider["version_constraint"] = constraint

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


def output(
    name: str, *references: str, value: str | None = None, sensitive: bool = False, told: bool = True
) -> Edit:
    """The root module has this output; without a value apply decides it."""

    def edit(plan: Document) -> None:
        change: dict[str, Any] = {"actions": ["create"], "before": None, "before_sensitive": False}
        change |= {"after_unknown": True} if value is None else {"after": value, "after_unknown": False}
        plan.setdefault("output_changes", {})[name] = change | {"after_sensitive": sensitive}
        if told:
            outputs = plan["configuration"]["root_module"].setdefault("outputs", {})
            outputs[name] = {"expression": {"references": list(references)}}

    return edit


def subnets(address: str, path: str, name: str) -> Edit:
    """The subnets at this path are all those that were looked up under this name."""

    def edit(plan: Document) -> None:
        prior = plan["prior_state"]["values"]["root_module"]["resources"]
        ids = [each["values"]["id"] for each in prior if each["address"].startswith(f"{name}[")]
        known(address, path, ids)(plan)

    return edit


def not_shown(plan: Document) -> None:
    """Nothing looked the subnets up."""
    plan["prior_state"]["values"]["root_module"]["resources"] = []


def addresses_unknown(plan: Document) -> None:
    """The subnets are looked up, and whether they give out addresses is not said."""
    for each in plan["prior_state"]["values"]["root_module"]["resources"]:
        del each["values"]["map_public_ip_on_launch"]


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


SCENARIOS = [
    Scenario("CHG-06.1", only("corrected", DATABASE))
    .satisfied("as corrected")
    .satisfied("exactly one", constrained("5.100.0"))
    .satisfied("between two", constrained(">= 5.0.0, < 6.0.0"))
    .violated("as inherited", base=only("inherited", DATABASE))
    .violated("no end", constrained(">= 5.0.0"))
    .violated("all but one", constrained("!= 5.1.0"))
    .never_undetermined("What the source asks for is in every plan."),
    Scenario("CHG-07.1", only("corrected", DATABASE), declared("domain", "owner"))
    .satisfied("all have one", checked("domain", "owner"))
    .violated("one has none", checked("domain"))
    .violated("none has one", checked())
    .violated("only the one in a module", checked("domain", "owner", module="module.shop"))
    .violated("as inherited", base=only("inherited", DATABASE))
    .undetermined("a Terraform that lists none", by_terraform("1.5.7")),
    Scenario("SEC-03.2", only("corrected", DATABASE))
    .satisfied("a name", output("url", "var.domain", value="https://classifier.example.com"))
    .satisfied("decided at apply", output("host", f"{DATABASE}.address", DATABASE))
    .satisfied("where a secret is", output("password_arn", "aws_secretsmanager_secret.api.arn"))
    .violated("made of a password", output("address", "var.domain", "var.db_password"))
    .violated("marked", output("key", "aws_iam_access_key.api.id", sensitive=True))
    .violated("by its name", output("db_password", "random_pet.it.id"))
    .violated("by its text", output("queue", value="amqps://api:hunter2@mq.example.com"))
    .undetermined("nothing to follow", output("url", told=False)),
    Scenario("EXP-10.1", NETWORKS)
    .satisfied("as corrected")
    .violated("public ones", subnets(GROUP, "subnet_ids", PUBLIC))
    .undetermined("as inherited", base=only("inherited", DATABASE, GROUP))
    .undetermined("not looked up", not_shown)
    .undetermined("not said", addresses_unknown)
    .undetermined("a group elsewhere", known(DATABASE, "db_subnet_group_name", "elsewhere"))
    .undetermined("known after apply", unknown(GROUP, "subnet_ids")),
    Scenario("EXP-10.2", NETWORKS)
    .satisfied("as corrected")
    .violated("public ones", subnets(SERVICE, "network_configuration[0].subnets", PUBLIC))
    .undetermined("as inherited", base=only("inherited", SERVICE))
    .undetermined("not looked up", not_shown)
    .undetermined("known after apply", unknown(SERVICE, "network_configuration[0].subnets")),
    Scenario("CHG-08.1", TASKS)
    .satisfied("as corrected")
    .satisfied("by the parameter's name", kept_in("/classifier-production/database/host"))
    .satisfied("by reference", in_the_plan_of_the_database)
    .satisfied("known by now", state_known)
    .satisfied("no database", container(secrets=[]))
    .violated("as inherited", base=only("inherited", TASK))
    .violated("a pasted parameter", written("db.c9akciq32rvd.eu-west-1.rds.amazonaws.com"))
    .violated("pasted", environment(TASK, {"DATABASE_HOST": "db.c9akciq32rvd.example.com"}))
    .undetermined("a parameter elsewhere", kept_in("/shared/database/host"))
    .undetermined("a secret", kept_in("arn:aws:secretsmanager:eu-west-1:123456789012:secret:db"))
    .undetermined(
        "known after apply",
        together(container(secrets=[]), unknown(TASK, "container_definitions")),
    ),
]
