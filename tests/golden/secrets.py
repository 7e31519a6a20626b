"""Golden plans about secrets: where they stand, and who gets to see them."""

from typing import Any, Final

from tests.golden.recipe import Scenario
from tests.golden.settings import attribute, on_the_cluster
from tests.support.container_edits import environment
from tests.support.cutting import only
from tests.support.database_clusters import aurora, documents, graph, multi_az
from tests.support.making import added
from tests.support.other_databases import SECRET, elastic, small, sql, warehouse
from tests.support.recipe_edits import Edit, known, unknown
from tests.support.values_and_marks import Document

TASK = "aws_ecs_task_definition.api"
DATABASE = "aws_db_instance.main"
NOTHING: Final = only("corrected")


def given(name: str, value: Any) -> Edit:
    """The configuration has a variable of this name, and this is given for it."""

    def edit(plan: Document) -> None:
        plan["variables"][name] = {"value": value}
        plan["configuration"]["root_module"]["variables"][name] = {"sensitive": True}

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


SCENARIOS = [
    Scenario("SEC-01.1", only("corrected", TASK))
    .satisfied("by reference")
    .satisfied("no environment", environment(TASK, {}))
    .satisfied(
        "names of secrets",
        environment(
            TASK,
            {"DB_SECRET_ARN": "arn:aws:example", "TOKEN_TTL": "60", "DB_PASSWORD_FILE": "/run/password"},
        ),
    )
    .satisfied(
        "words that only look like it",
        environment(TASK, {"BYPASS": "1", "SECRETARY": "Ann", "TOKENIZER": "bpe"}),
    )
    .satisfied("an empty secret", environment(TASK, {"DB_PASSWORD": ""}))
    .satisfied("a URL without a login", environment(TASK, {"API_URL": "https://example.com:8443/a@b"}))
    .violated("as inherited", base=only("inherited", TASK))
    .violated("a password", environment(TASK, {"DB_PASSWORD": "hunter2"}))
    .violated("in mixed case", environment(TASK, {"dbPassword": "hunter2"}))
    .violated("in mixed case after initials", environment(TASK, {"DBPassword": "hunter2"}))
    .violated("in small letters", environment(TASK, {"db-password": "hunter2"}))
    .violated("as PostgreSQL calls it", environment(TASK, {"PGPASSWORD": "hunter2"}))
    .violated("a number", environment(TASK, {"DB_PASSWORD": 12345}))
    .violated(
        "a URL with login", environment(TASK, {"DATABASE_URL": "postgres://app:hunter2@db:5432/app"})
    )
    .violated("a URL with a password only", environment(TASK, {"CACHE": "redis://:hunter2@cache:6379"}))
    .violated("an access key", environment(TASK, {"KEY_ID": "AKIAIOSFODNN7EXAMPLE"}))
    .violated(
        "a word and a harmless word with a login",
        environment(TASK, {"TOKEN_FILE": "https://a:hunter2@example.com"}),
    )
    .undetermined("containers known after apply", unknown(TASK, "container_definitions"))
    .undetermined("containers are no JSON", known(TASK, "container_definitions", "not JSON")),
    attribute(
        *("SEC-02.1", only("corrected", DATABASE), DATABASE, "manage_master_user_password"),
        bad={"switched off": False},
        unset="violated",
    ).violated("as inherited", base=only("inherited", DATABASE)),
    on_the_cluster("SEC-02.1", "manage_master_user_password", None)
    .violated(
        "a plain password",
        multi_az(manage_master_user_password=None, master_password="not-a-real-one"),  # noqa: S106
    )
    .violated(
        "a plain password of the first of a global cluster",
        aurora(
            manage_master_user_password=None,
            master_password="not-a-real-one",  # noqa: S106
            global_cluster_identifier="world",
        ),
    )
    .undetermined(
        "a copy that replicates",
        aurora(manage_master_user_password=None, replication_source_identifier="arn:aws:rds:x"),
    )
    .undetermined(
        "another region of a global cluster",
        aurora(manage_master_user_password=None, global_cluster_identifier="world"),
    )
    .satisfied("graph has none", graph())
    .violated("documents wrong", documents(manage_master_user_password=None)),
    Scenario("SEC-02.1", NOTHING)
    .satisfied("a warehouse", warehouse())
    .satisfied("an elastic cluster", elastic())
    .satisfied("DSQL has none", sql())
    .violated(
        "an elastic cluster in plain text", elastic(auth_type="PLAIN_TEXT", admin_user_password=SECRET)
    )
    .violated("a warehouse", warehouse(manage_master_password=None, master_password=SECRET))
    .violated("Lightsail", small())
    .violated(
        "a namespace",
        added(
            "aws_redshiftserverless_namespace.events",
            {"admin_user_password": SECRET, "manage_admin_password": None},
        ),
    )
    .violated(
        "a series of figures", added("aws_timestreaminfluxdb_db_instance.x", {"password": SECRET})
    ),
    Scenario("SEC-03.1", only("corrected", DATABASE))
    .satisfied("as corrected")
    .satisfied("a name of a secret", given("api_token_name", "classifier/api"))
    .satisfied("nothing given", given("db_password", ""))
    .violated("as inherited", base=only("inherited", DATABASE))
    .violated("a token", given("api_token", "hunter2"))
    .violated("a login in an address", given("broker", "amqps://api:hunter2@mq.example.com"))
    .never_undetermined("Variables are given before anything is planned."),
    Scenario("SEC-03.2", only("corrected", DATABASE))
    .satisfied("a name", output("url", "var.domain", value="https://classifier.example.com"))
    .satisfied("decided at apply", output("host", f"{DATABASE}.address", DATABASE))
    .satisfied("where a secret is", output("password_arn", "aws_secretsmanager_secret.api.arn"))
    .violated("made of a password", output("address", "var.domain", "var.db_password"))
    .violated("marked", output("key", "aws_iam_access_key.api.id", sensitive=True))
    .violated("by its name", output("db_password", "random_pet.it.id"))
    .violated("by its text", output("queue", value="amqps://api:hunter2@mq.example.com"))
    .undetermined("nothing to follow", output("url", told=False)),
]
