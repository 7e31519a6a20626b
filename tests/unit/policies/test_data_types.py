"""Which types hold data: the lists hold together, and cover what the AWS provider has."""

import re
from pathlib import Path

import msgspec
import pytest

from planspec import bundle
from planspec.errors import PolicyError
from planspec.policies import Kind, catalogue, read_data_types
from planspec.schema import SHIPPED, read_index

TEXT = (bundle.POLICIES / "stores.toml").read_text(encoding="utf-8")
TYPES = read_data_types(bundle.POLICIES, (), ())
LISTS = TYPES.shipped
AWS = sorted(name for provider in read_index(SHIPPED).providers.values() for name in provider.managed)
# Words by which a name speaks of a store; a pattern must not cover one unseen.
STORES = (
    *("cluster", "database", "table", "bucket", "file_system", "volume", "snapshot", "backup", "vault"),
    *("repository", "queue", "stream", "secret", "key", "domain", "disk", "db", "archive", "ledger"),
)


def own(folder: Path, stores: str = "", harmless: str = "") -> catalogue.Parameters:
    """The parameters that come along, with these lists of one's own."""
    text = (bundle.POLICIES / "parameters.toml").read_text(encoding="utf-8")
    text = re.sub(r"data_holding_types = \[[^]]*\]", f"data_holding_types = [{stores}]", text)
    text = text.replace("\nharmless_types = []", f"\nharmless_types = [{harmless}]")
    (folder / "parameters.toml").write_text(text, encoding="utf-8")
    return catalogue.read_parameters(folder)


def test_every_type_of_the_aws_provider_was_looked_at() -> None:
    open_ones = [name for name in AWS if TYPES.of(name).kind is Kind.OPEN]
    assert [name for name in open_ones if TYPES.of(name).loss is None] == []
    assert len(AWS) > 1500


def test_every_aws_type_that_is_named_exists() -> None:
    names = [*LISTS.stores, *LISTS.depends, *LISTS.harmless, *LISTS.harmless_despite_its_name]
    named = {name for name in names if name.startswith("aws_") and "*" not in name}
    assert named - set(AWS) == set()


def test_every_pattern_for_aws_covers_a_type_that_no_store_is() -> None:
    patterns = [*LISTS.harmless, *LISTS.harmless_despite_its_name]
    covered = [name for name in AWS if TYPES.of(name).kind is Kind.HARMLESS]
    for pattern in (each for each in patterns if each.startswith("aws_") and "*" in each):
        expression = ".*".join(map(re.escape, pattern.split("*")))
        assert any(re.fullmatch(expression, name) for name in covered), pattern


def test_no_type_is_on_two_lists() -> None:
    names = [*LISTS.stores, *LISTS.depends, *LISTS.harmless, *LISTS.harmless_despite_its_name]
    assert sorted(names) == sorted(set(names))


def test_what_is_called_like_a_store_is_harmless_for_a_reason_only() -> None:
    reasons = LISTS.harmless_despite_its_name
    expressions = [".*".join(map(re.escape, each.split("*"))) for each in reasons]
    word = re.compile(f"(^|_)({'|'.join(STORES)})s?(_|$)")
    called = [name for name in AWS if word.search(name) and TYPES.of(name).kind is Kind.HARMLESS]
    assert len(called) > 100
    without = [name for name in called if not any(re.fullmatch(each, name) for each in expressions)]
    assert without == []
    assert all(len(reason.split()) > 1 for reason in reasons.values())


def test_exact_names_of_harmless_types_speak_of_no_store() -> None:
    named = [name for name in LISTS.harmless if "*" not in name]
    assert [name for name in named if TYPES.speaks_of_a_store(name)] == []


@pytest.mark.parametrize(
    "name",
    [
        *("aws_redshift_cluster", "aws_docdb_cluster", "aws_opensearch_domain", "aws_ebs_snapshot"),
        *("aws_fsx_lustre_file_system", "aws_dynamodb_table", "aws_kinesis_stream", "aws_backup_vault"),
        *("aws_glacier_vault", "aws_msk_cluster", "aws_cognito_user_pool", "aws_neptune_cluster"),
        *("aws_timestreamwrite_table", "aws_s3tables_table", "aws_kms_replica_key", "aws_ami"),
        *("azurerm_storage_account", "azurerm_mssql_database", "azurerm_managed_disk"),
        *("google_sql_database_instance", "google_storage_bucket", "google_bigquery_dataset"),
        *("kubernetes_persistent_volume_claim", "aiven_kafka_topic", "azurerm_monitor_workspace"),
    ],
)
def test_stores(name: str) -> None:
    assert TYPES.of(name).kind is Kind.STORE


@pytest.mark.parametrize(
    "name",
    [
        *("aws_launch_template", "aws_ecs_task_definition", "aws_ecs_service", "aws_lb_target_group"),
        *("aws_security_group_rule", "aws_vpc_security_group_ingress_rule", "aws_route_table"),
        *("aws_iam_role_policy_attachment", "aws_iam_access_key", "aws_lambda_function", "aws_eip"),
        *("aws_s3_bucket_versioning", "aws_s3_bucket_policy", "aws_db_subnet_group", "aws_ecs_cluster"),
        *("aws_cloudwatch_metric_alarm", "aws_secretsmanager_secret_version"),
        *("null_resource", "random_password", "local_file", "local_sensitive_file"),
        *("tls_cert_request", "azurerm_monitor_action_group"),
        *(
            "time_sleep",
            "archive_file",
            "terraform_data",
            "kubernetes_deployment",
            "kubernetes_service_v1",
        ),
        *("azurerm_subnet", "azurerm_network_security_rule", "azurerm_virtual_network"),
        *(
            "azurerm_kubernetes_cluster_node_pool",
            "google_compute_firewall",
            "google_project_iam_member",
        ),
        *("google_storage_bucket_iam_member", "google_container_node_pool"),
    ],
)
def test_harmless_types(name: str) -> None:
    assert TYPES.of(name).kind is Kind.HARMLESS


@pytest.mark.parametrize(
    "name",
    [
        *("aws_instance", "aws_ssm_parameter", "aws_cloudformation_stack", "helm_release"),
        *("aws_rds_hyper_cluster", "aws_lambda_archive", "acme_thing", "google_new_store", "randomness"),
        *("kubernetes_manifest", "aws_s3", "AWS_IAM_ROLE"),
        *("aws_s3_object", "azurerm_storage_blob", "google_storage_bucket_object", "tls_private_key"),
        *("aws_rds_cluster_instance", "aws_docdb_cluster_instance", "aws_neptune_cluster_instance"),
    ],
)
def test_open_types(name: str) -> None:
    assert TYPES.of(name).kind is Kind.OPEN


def test_own_lists_come_first(tmp_path: Path) -> None:
    types = own(
        tmp_path, '"aws_eip", "acme_disk"', '"aws_instance", "acme_*", "aws_sqs_queue"'
    ).data_types
    assert [types.of(name).kind for name in ("aws_eip", "acme_disk")] == [Kind.STORE, Kind.STORE]
    told = ("aws_instance", "acme_thing", "acme_table", "aws_sqs_queue")
    assert {types.of(name).kind for name in told} == {Kind.HARMLESS}


def test_no_pattern_of_ones_own_takes_back_a_store_that_is_named(tmp_path: Path) -> None:
    types = own(tmp_path, harmless='"aws_*"').data_types
    assert types.of("aws_s3_bucket").kind is Kind.STORE
    assert types.of("aws_instance").kind is Kind.OPEN
    assert types.of("aws_something_new").kind is Kind.HARMLESS


@pytest.mark.parametrize("pattern", ['"*"', '"*_bucket"', '""', '"aws_ s3"', '"aws.s3"', '"aws*"'])
def test_a_pattern_names_its_provider(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(PolicyError, match=r"parameters\.toml: .*harmless_types"):
        own(tmp_path, harmless=pattern)


def test_a_type_on_both_own_lists_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(
        PolicyError, match=r"parameters\.toml: acme_x is in data_holding_types and in harm"
    ):
        own(tmp_path, '"acme_x"', '"acme_x"')


def test_a_folder_may_have_lists_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "stores.toml").write_text(TEXT.replace('"aws_sqs_queue",', ""), encoding="utf-8")
    assert read_data_types(tmp_path, (), ()).of("aws_sqs_queue").kind is Kind.OPEN
    (tmp_path / "stores.toml").unlink()
    assert read_data_types(tmp_path, (), ()).of("aws_sqs_queue").kind is Kind.STORE


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            TEXT.replace("[depends]", '[depends]\n"aws_s3_bucket" = { lost = "x" }'),
            "aws_s3_bucket is in stores",
        ),
        (TEXT.replace("stores = [", "store = [", 1), "store"),
        ("", "stores"),
        ("= 1", "stores.toml"),
    ],
)
def test_lists_that_contradict_themselves_are_refused(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "stores.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError, match=told):
        read_data_types(tmp_path, (), ())


def test_what_may_be_lost_depends_on_an_attribute_that_the_type_has() -> None:
    index = read_index(SHIPPED)
    blocks = {name: number for each in index.providers.values() for name, number in each.managed.items()}
    named = {name: loss.when for name, loss in LISTS.depends.items() if loss.when}
    assert {name for name, when in named.items() if when not in index.block(blocks[name])} == set()
    assert msgspec.to_builtins(LISTS.depends["aws_sns_topic"])["when"] == "archive_policy"
