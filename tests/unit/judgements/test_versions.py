"""Which versions of a database does RDS take, and which does it change by itself?"""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from planspec import bundle
from planspec.aws.databases import databases
from planspec.finding import Verdict
from planspec.judgements.deployment.upgrades import supported
from planspec.judgements.deployment.version_pins import leave_minor_versions_to_rds
from planspec.policies import read_parameters
from planspec.references import with_source
from planspec.source import of_folder
from planspec.terraform.emulator.database_facts import newest_minors
from tests.support.plans import block, configuration, constant, plan, refers, resource

ROOT = Path(__file__).parents[3]
SETTINGS = read_parameters(bundle.POLICIES).upgrades
CLUSTER = "aws_rds_cluster.c"
Entry = dict[str, Any]


def cluster(version: str, engine: Any = "aurora-postgresql", **more: Any) -> Entry:
    """A cluster of this version."""
    return resource("aws_rds_cluster", "c", engine=engine, engine_version=version, **more)


def instance(name: str = "i", **values: Any) -> Entry:
    """An instance of the cluster, of which RDS raises the minor version unless it is told not to."""
    stated = {"engine": "aurora-postgresql", "engine_version": ..., "auto_minor_version_upgrade": True}
    return resource("aws_rds_cluster_instance", name, **{**stated, **values})


def written(own: Entry | None = None, of_cluster: Entry | None = None) -> Entry:
    """The source of a cluster and its instances, with what each writes of the version."""
    version = {"engine_version": constant("16.4")} if of_cluster is None else of_cluster
    member = {"cluster_identifier": refers(f"{CLUSTER}.id", CLUSTER), **(own or {})}
    return configuration(
        block("aws_rds_cluster", "c", **version),
        block("aws_rds_cluster_instance", "i", **member),
        block("aws_rds_cluster_instance", "j", **member),
    )


FROM_CLUSTER = {"engine_version": refers(f"{CLUSTER}.engine_version", CLUSTER)}


def pinned(*entries: Entry, subject: str, source: Entry | None = None) -> Verdict:
    """The verdict about every resource of this type."""
    made = plan(*entries, configuration=source or written())
    return leave_minor_versions_to_rds(made, made.resources(subject)).verdict


@pytest.mark.parametrize(
    ("entries", "source", "expected"),
    [
        ([cluster("16.4"), instance()], written(), "violated"),
        ([cluster("16.4"), instance(engine_version="16.4")], written(FROM_CLUSTER), "violated"),
        ([cluster("16.4"), instance(auto_minor_version_upgrade=False)], written(), "satisfied"),
        ([cluster("16"), instance()], written(), "satisfied"),
        ([cluster("8.0.mysql_aurora.3.10.3", "aurora-mysql"), instance()], written(), "violated"),
        ([cluster("8.0", "aurora-mysql"), instance()], written(), "satisfied"),
        # What runs is shown, and nobody wrote it.
        ([cluster("16.6"), instance(engine_version="16.6")], written({}, {}), "satisfied"),
        ([cluster("16.6"), instance(engine_version="16.6")], written(FROM_CLUSTER, {}), "satisfied"),
        ([cluster("16"), instance(engine_version="16.4")], written({"engine_version": constant("16.4")}),
         "violated"),
    ],
    ids=[
        *("its cluster pins", "by reference to its cluster", "upgrades are off", "a major version"),
        *("of another engine", "the line of another engine", "nobody writes it"),
        *("a reference to what nobody writes", "pinned at the instance alone"),
    ],
)  # fmt: skip
def test_an_instance_has_the_version_of_its_cluster(
    entries: list[Entry], source: Entry, expected: str
) -> None:
    assert pinned(*entries, subject="aws_rds_cluster_instance", source=source) == expected


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([cluster("16.4"), instance(), instance("j", auto_minor_version_upgrade=False)], "violated"),
        ([cluster("16.4"), instance(auto_minor_version_upgrade=False)], "satisfied"),
        ([cluster("16.4"), instance(auto_minor_version_upgrade=...)], "undetermined"),
        ([cluster("16.4")], "undetermined"),
        ([cluster("16"), instance()], "satisfied"),
        # A cluster of three instances without any of their own: RDS raises it, unless it is told not to.
        ([cluster("16.13", "postgres")], "violated"),
        ([cluster("16.13", "postgres", auto_minor_version_upgrade=False)], "satisfied"),
        ([cluster("8.0.40", "mysql")], "violated"),
        ([cluster("16.4", ...), instance(auto_minor_version_upgrade=False)], "satisfied"),
        ([cluster("16.4", auto_minor_version_upgrade=False), instance()], "satisfied"),
    ],
    ids=[
        *("one instance is upgraded", "none is", "known after apply", "no instance in the plan"),
        *("a major version", "a Multi-AZ cluster", "switched off", "a Multi-AZ cluster of MySQL"),
        *("an engine known after apply", "switched off for all"),
    ],
)
def test_a_cluster_is_raised_with_its_instances(entries: list[Entry], expected: str) -> None:
    assert pinned(*entries, subject="aws_rds_cluster") == expected


def test_a_finding_names_the_cluster_that_pins_and_the_version_to_write() -> None:
    made = plan(cluster("16.4"), instance(), configuration=written())
    (found,) = leave_minor_versions_to_rds(made, made.resources("aws_rds_cluster_instance")).findings
    assert found.observed == (
        f'engine_version of {CLUSTER} is "16.4", and auto_minor_version_upgrade is true'
    )
    assert found.related == (CLUSTER,)
    assert 'engine_version = "16"' in found.remedy
    alone = plan(cluster("16.4"), configuration=written())
    (found,) = leave_minor_versions_to_rds(alone, alone.changes).findings
    assert found.observed.endswith("none of its instances is in the plan")
    one_off = (instance("i", auto_minor_version_upgrade=False), instance("j"))
    mixed = plan(cluster("16.4"), *one_off, configuration=written())
    (found,) = leave_minor_versions_to_rds(mixed, mixed.resources("aws_rds_cluster")).findings
    assert found.observed.endswith("auto_minor_version_upgrade is true")


@pytest.mark.parametrize("subject", ["aws_rds_cluster", "aws_rds_cluster_instance"])
def test_a_cluster_that_names_itself_and_no_version_pins_nothing(subject: str) -> None:
    entries = (cluster("16.6", cluster_identifier="c"), instance(cluster_identifier="c"))
    assert pinned(*entries, subject=subject, source=written({}, {})) == "satisfied"


@pytest.mark.parametrize(
    ("engine", "version", "expected"),
    [
        ("oracle-ee-cdb", "19.0.0.0.ru-2026-01.rur-2026-01.r1", "violated"),
        ("oracle-ee-cdb", "19", "satisfied"),
        ("sqlserver-web", "16.00.4215.2.v1", "violated"),
        ("sqlserver-web", "16.00", "satisfied"),
        ("db2-se", "11.5.9.0.sb00063198.r1", "violated"),
        ("mariadb", "11.8.3", "violated"),
        ("mariadb", "11.8", "satisfied"),
    ],
)
def test_each_engine_writes_its_versions_in_its_own_way(
    engine: str, version: str, expected: str
) -> None:
    values: Entry = {"engine": engine, "engine_version": version, "auto_minor_version_upgrade": True}
    made = plan(resource("aws_db_instance", "d", **values))
    assert leave_minor_versions_to_rds(made, made.changes).verdict == expected


def test_a_plan_without_the_switch_says_nothing_and_null_is_the_default() -> None:
    values: Entry = {"engine": "postgres", "engine_version": "16.13"}
    null: Entry = {"auto_minor_version_upgrade": None}
    for switch, expected in ((Entry(), "undetermined"), (null, "violated")):
        made = plan(resource("aws_db_instance", "d", **values, **switch))
        assert leave_minor_versions_to_rds(made, made.changes).verdict == expected


def test_a_version_that_terraform_ignores_is_not_planned_back(tmp_path: Path) -> None:
    text = """
    resource "aws_db_instance" "orders" {
      engine         = "postgres"
      engine_version = "16.13"
      lifecycle {
        ignore_changes = [IGNORED]
      }
    }
    """
    for ignored, expected in (("engine_version", "satisfied"), ("password", "violated")):
        (tmp_path / "main.tf").write_text(text.replace("IGNORED", ignored), encoding="utf-8")
        values: Entry = {
            "engine": "postgres",
            "engine_version": "16.13",
            "auto_minor_version_upgrade": True,
        }
        source: Entry = {name: constant(value) for name, value in values.items() if "auto" not in name}
        made = plan(
            resource("aws_db_instance", "orders", **values),
            configuration=configuration(block("aws_db_instance", "orders", **source)),
        )
        made = with_source(made, of_folder(tmp_path))
        assert leave_minor_versions_to_rds(made, made.changes).verdict == expected


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        *((version, "violated") for version in ("16.5", "16.8", "15.12", "17.1", "16.1", "17.6")),
        *((version, "violated") for version in ("16.8-R2", "16.10-R1", "14", "14.22", "1.6")),
        *((version, "satisfied") for version in ("15", "16", "17", "16.13", "17.9", "15.17")),
        # Newer than the newest that is known: nobody has looked at it.
        *((version, "undetermined") for version in ("16.80", "19", "160")),
    ],
)
def test_a_minor_version_that_rds_withdrew_is_not_supported(version: str, expected: str) -> None:
    made = plan(resource("aws_db_instance", "d", engine="postgres", engine_version=version))
    judgement = supported(databases(made), SETTINGS)
    assert judgement.verdict == expected
    if version == "16.8":
        assert "2026-05-01" in str(judgement)


def test_what_was_withdrawn_of_one_engine_says_nothing_of_another() -> None:
    settings = type(SETTINGS)(
        {**SETTINGS.major_versions, "aurora-postgresql": ["16"]}, withdrawn=SETTINGS.withdrawn
    )
    entry = resource("aws_rds_cluster", "c", engine="aurora-postgresql", engine_version="16.8")
    made = plan(entry)
    assert supported(databases(made), settings).verdict == "satisfied"
    majors = {name: each for name, each in SETTINGS.major_versions.items() if "aurora" not in name}
    unlisted = type(SETTINGS)(majors, withdrawn=SETTINGS.withdrawn)
    assert supported(databases(made), unlisted).verdict == "undetermined"


def test_what_is_accepted_is_supported_for_another_year_and_what_has_ended_is_not_accepted() -> None:
    listed = [
        (each.engine, major, end, each.as_of)
        for each in SETTINGS.ends
        for major, end in each.standard_support.items()
    ]
    for engine, major, end, as_of in listed:
        if major in SETTINGS.major_versions[engine]:
            assert (end - as_of).days > 365, (engine, major)
        made = plan(resource("aws_db_instance", "d", engine=engine, engine_version=major))
        told = supported(databases(made), SETTINGS)
        assert (told.verdict == "satisfied") == (major in SETTINGS.major_versions[engine])
        assert told.verdict == "satisfied" or str(end) in str(told)


def test_each_withdrawn_version_is_listed_once_with_a_day_that_is_over() -> None:
    versions = [(each.engine, one) for each in SETTINGS.withdrawn for one in each.versions]
    assert len(set(versions)) == len(versions)
    assert all(
        each.no_new_since < datetime.now(tz=UTC).date() and each.source for each in SETTINGS.withdrawn
    )


def test_what_the_emulator_creates_rds_has_not_withdrawn() -> None:
    for notice in SETTINGS.withdrawn:
        assert not set(newest_minors(notice.engine).values()) & set(notice.versions)


def test_our_service_names_a_version_that_the_emulator_completes() -> None:
    text = (ROOT / "terraform" / "database.tf").read_text(encoding="utf-8")
    (line,) = [each for each in text.splitlines() if each.strip().startswith("engine_version ")]
    named = tomllib.loads(line.strip())["engine_version"]
    assert named in SETTINGS.major_versions["postgres"]
    assert newest_minors("postgres")[named].startswith(f"{named}.")
