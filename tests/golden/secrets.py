"""Golden plans about secrets: where they stand, and who gets to see them."""

from typing import Any, Final

from tests.golden.recipe import Scenario
from tests.golden.settings import attribute, on_the_cluster
from tests.support.container_edits import container, environment
from tests.support.cutting import only
from tests.support.database_clusters import (
    SECRET,
    aurora,
    documents,
    elastic,
    graph,
    multi_az,
    small,
    sql,
    warehouse,
)
from tests.support.making import added
from tests.support.recipe_edits import Edit, blocks, found, known, rewritten, unknown
from tests.support.values_and_marks import Document, mark

TASK = "aws_ecs_task_definition.api"
DATABASE = "aws_db_instance.main"
NOTHING: Final = only("corrected")


def given(name: str, value: Any) -> Edit:
    """The configuration has a variable of this name, and this is given for it."""

    def edit(plan: Document) -> None:
        plan["variables"][name] = {"value": value}
        plan["configuration"]["root_module"]["variables"][name] = {"sensitive": True}

    return edit


def declared(name: str) -> Edit:
    """The configuration has a variable that the plan does not have: it is ephemeral."""

    def edit(plan: Document) -> None:
        plan["configuration"]["root_module"]["variables"][name] = {"ephemeral": True, "sensitive": True}

    return edit


def output(
    name: str, *references: str, value: Any = None, sensitive: bool = False, told: bool = True
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


FUNCTION: Final = "aws_lambda_function.resize"
VARIABLES: Final = "environment[0].variables"
PASSWORD: Final = f"{VARIABLES}.DB_PASSWORD"
ACCESS: Final = "aws_iam_access_key.api"


def in_table(plan: Document) -> None:
    """A function whose variable is the name of a table that this plan makes."""
    table = "aws_dynamodb_table.sizes"
    added(table, {"name_prefix": "sizes"}, computed=("id", "name"))(plan)
    variable = {"references": [f"{table}.name", table]}
    function({})(plan)
    unknown(FUNCTION, f"{VARIABLES}.TABLE", f"{table}.name", table)(plan)
    (block,) = blocks(plan, FUNCTION)
    block["expressions"]["environment"] = [{"variables": variable}]


def known_to_be_marked(path: str) -> Edit:
    """Terraform marks a value of the function as sensitive."""

    def edit(plan: Document) -> None:
        (entry,) = found(plan, FUNCTION)
        mark(entry["change"], "after_sensitive", path, True)

    return edit


def access_key() -> Edit:
    """An access key of IAM, whose secret the provider marks."""

    def edit(plan: Document) -> None:
        added(ACCESS, {"user": "api"}, computed=("id", "secret"))(plan)
        (entry,) = found(plan, ACCESS)
        entry["change"]["after_sensitive"] = {"secret": True}

    return edit


def function(variables: Any) -> Edit:
    """A function of Lambda with these variables in its environment."""
    block = [] if variables is None else [{"variables": variables}]
    return added(FUNCTION, {"function_name": "resize", "environment": block})


def command(*words: str) -> Edit:
    """The container starts with this command."""
    return container(command=list(words))


# None of these is a credential of anybody; each is written in two halves, so that no scanner of
# repositories takes it for one.
STRIPE: Final = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
SLACK: Final = "https://hooks.slack.com/services/" + "T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"
GITHUB: Final = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"
KEY_FILE: Final = "-----BEGIN RSA PRIVATE" + " KEY-----\nMIIE\n"
LOGS_TO: Final = {"logDriver": "splunk", "options": {"splunk-url": "https://logs.example.com"}}

SECRETS: Final = "arn:aws:secretsmanager:eu-west-1:123456789012"
IN_JSON: Final = '{"db": {"password": "hunter2"}}'
BASIC: Final = "Authorization=Basic " + "YXBwOmh1bnRlcjI="


def second_container(plan: Document) -> None:
    """A container beside the first has a password."""
    beside = {"environment": [{"name": "DB_PASSWORD", "value": "hunter2"}], "image": "x", "name": "side"}
    rewritten(TASK, "container_definitions", lambda containers: containers.append(beside))(plan)


SCENARIOS = [
    Scenario("SEC-01.1", only("corrected", TASK))
    .violated("a key of Stripe", environment(TASK, {"STRIPE_KEY": STRIPE}))
    .violated("a webhook", environment(TASK, {"ALERTS": SLACK}))
    .violated("a token inside a text", environment(TASK, {"GIT": f"x-access {GITHUB} main"}))
    .violated("a private key", environment(TASK, {"SIGNER": KEY_FILE}))
    .violated(
        "a signed address", environment(TASK, {"FLOW": "https://a.example.com/run?sv=1&sig=Zm9vYmFy"})
    )
    .violated("a password as an option", command("serve", "--db-password", "hunter2"))
    .violated("a password in an option", command("serve", "--db-password=hunter2"))
    .violated("a password in a script", command("sh", "-c", "PGPASSWORD=hunter2 psql -h db"))
    .violated("a password to start with", container(entryPoint=["java", "-Ddb.password=hunter2"]))
    .violated(
        "a password of the health check",
        container(healthCheck={"command": ["CMD", "redis-cli", "-a", "x", "--password", "hunter2"]}),
    )
    .violated(
        "a token of the log driver",
        container(logConfiguration={**LOGS_TO, "options": {"splunk-token": "hunter2"}}),
    )
    .violated("a label", container(dockerLabels={"registry-password": "hunter2"}))
    .satisfied("what a shell puts in", command("sh", "-c", "serve --password=$DB_PASSWORD"))
    .satisfied("a password from a file", command("serve", "--password-file", "/run/password"))
    .satisfied("a password from the standard input", command("login", "--password-stdin", "registry"))
    .satisfied("a password in a sentence", command("sh", "-c", "echo password reset"))
    .satisfied("a label without a secret", container(dockerLabels={"team": "ml"}))
    .satisfied("another log driver", container(logConfiguration=LOGS_TO))
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
    Scenario("SEC-01.2", NOTHING)
    .satisfied("no environment", function(None))
    .satisfied("a name of a secret", function({"DB_SECRET_ARN": "arn:aws:example", "STAGE": "prod"}))
    .violated("a password", function({"DB_PASSWORD": "hunter2"}))
    .violated("a key of Stripe", function({"STRIPE_KEY": STRIPE}))
    .violated("a login", function({"BROKER": "amqps://api:hunter2@mq.example.com"}))
    .violated("a password that apply decides", function({"STAGE": "x"}), unknown(FUNCTION, PASSWORD))
    .satisfied("a name that apply decides", in_table)
    .undetermined(
        "a marked value that apply decides",
        in_table,
        known_to_be_marked("environment[0].variables.TABLE"),
    )
    .undetermined(
        "a value of nowhere", function({"STAGE": "x"}), unknown(FUNCTION, f"{VARIABLES}.STAGE", "var.x")
    )
    .undetermined("variables that apply decides", function({}), unknown(FUNCTION, VARIABLES))
    .undetermined("an environment that apply decides", function({}), unknown(FUNCTION, "environment")),
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
    .satisfied("declared and not in the plan", declared("db_password"))
    .violated("as inherited", base=only("inherited", DATABASE))
    .violated("a token", given("api_token", "hunter2"))
    .violated("a login in an address", given("broker", "amqps://api:hunter2@mq.example.com"))
    .never_undetermined("Variables are given before anything is planned."),
    Scenario("SEC-03.2", only("corrected", DATABASE))
    .satisfied("a name", output("url", "var.domain", value="https://classifier.example.com"))
    .satisfied("decided at apply", output("host", f"{DATABASE}.address", DATABASE))
    .satisfied("where a secret is", output("password_arn", "aws_secretsmanager_secret.api.arn"))
    .violated("made of a password", output("address", "var.domain", "var.db_password"))
    .satisfied("a mark that guards", output("host", f"{DATABASE}.address", DATABASE, sensitive=True))
    .satisfied(
        "a mark that guards what is public",
        access_key(),
        output("key", f"{ACCESS}.id", ACCESS, sensitive=True),
    )
    .violated(
        "made of a marked attribute",
        access_key(),
        output("key", f"{ACCESS}.secret", ACCESS, sensitive=True),
    )
    .violated("made of all of it", access_key(), output("key", ACCESS, sensitive=True))
    .undetermined(
        "marked and made of what is not here", output("key", "data.vault_x.y.data", sensitive=True)
    )
    .undetermined("marked and made of a local value", output("key", "local.key", sensitive=True))
    .violated("by its name", output("db_password", "random_pet.it.id"))
    .violated("by its text", output("queue", value="amqps://api:hunter2@mq.example.com"))
    .undetermined("nothing to follow", output("url", told=False)),
    Scenario("SEC-01.1", only("corrected", TASK))
    .satisfied(
        "what the application puts in", environment(TASK, {"DB": "postgres://app:${DB_PASSWORD}@db/app"})
    )
    .satisfied("the ARN of a secret", environment(TASK, {"DB_PASSWORD": f"{SECRETS}:secret:db-AbCdEf"}))
    .satisfied("a switch", environment(TASK, {"RESET_PASSWORD": "true"}))
    .violated("a password in JSON", environment(TASK, {"CONFIG": IN_JSON}), deceit="shape")
    .violated(
        "a password in a connection string",
        environment(TASK, {"SOURCE": "Server=db;User Id=app;Password=hunter2;"}),
        deceit="shape",
    )
    .violated(
        "a password with a number", environment(TASK, {"DB_PASSWORD2": "hunter2"}), deceit="spelling"
    )
    .violated("a login with a header", environment(TASK, {"HEADERS": BASIC}), deceit="shape")
    .violated(
        "an option of the log router",
        container(firelensConfiguration={"options": {"api-token": "hunter2"}, "type": "fluentbit"}),
        deceit="shape",
    )
    .violated("a second container", second_container, deceit="another one"),
    Scenario("SEC-01.2", NOTHING)
    .violated("a password in JSON", function({"CONFIG": IN_JSON}), deceit="shape")
    .violated(
        "a second function",
        function(None),
        added("aws_lambda_function.two", {"environment": [{"variables": {"API_TOKEN": "hunter2"}}]}),
        deceit="another one",
    )
    .violated(
        "a password in a text", function({"SOURCE": "host=db password=hunter2 user=app"}), deceit="shape"
    ),
    Scenario("SEC-02.1", only("corrected", DATABASE))
    .violated(
        "a password that is only written",
        known(DATABASE, "manage_master_user_password", None),
        known(DATABASE, "password_wo_version", 1),
        deceit="shape",
    )
    .violated(
        "a copy with a password of its own",
        known(DATABASE, "manage_master_user_password", None),
        known(DATABASE, "snapshot_identifier", "last"),
        known(DATABASE, "password", SECRET),
        deceit="overruled",
    )
    .violated("a word", known(DATABASE, "manage_master_user_password", "false"), deceit="spelling"),
    Scenario("SEC-03.1", only("corrected", DATABASE))
    .satisfied("a switch about a password", given("manage_master_user_password", True))
    .satisfied("the ARN of a secret", given("db_password", f"{SECRETS}:secret:db-AbCdEf"))
    .satisfied("the names of secrets", given("secret_names", ["db", "api"]))
    .satisfied("about a secret", given("db_secret", {"arn": "x", "version": 2}))
    .violated("inside an object", given("db", {"password": "hunter2", "user": "app"}), deceit="shape")
    .violated("inside a list", given("dbs", [{"user": "app"}, {"password": 12345}]), deceit="shape")
    .violated(
        "a pair of name and value",
        given("environment", [{"name": "DB_PASSWORD", "value": "hunter2"}]),
        deceit="shape",
    )
    .violated("below a harmless name", given("names", {"password": "hunter2"}), deceit="spelling")
    .violated(
        "a value below the name of a secret", given("credentials", {"app": "hunter2"}), deceit="shape"
    )
    .violated("in JSON", given("config", IN_JSON), deceit="shape")
    .violated("a password with a number", given("password1", "hunter2"), deceit="spelling")
    .never_undetermined("Variables are given before anything is planned."),
    Scenario("SEC-03.2", only("corrected", DATABASE))
    .violated("inside an object", output("db", value={"password": "hunter2"}), deceit="shape")
    .violated("in JSON", output("config", value=IN_JSON), deceit="shape")
    .violated("in a list", output("urls", value=["amqps://api:hunter2@mq"]), deceit="another one")
    .satisfied(
        "a mark that guards an endpoint",
        output("endpoint", f"{DATABASE}.endpoint", DATABASE, sensitive=True),
    ),
]
