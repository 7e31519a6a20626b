"""Recipes for requirements about one setting: of a resource, a bucket, a cluster, a parameter group."""

from collections.abc import Mapping
from typing import Any, Final

from tests.golden.recipe import Scenario
from tests.support.cutting import Cut, only
from tests.support.database_clusters import (
    CLUSTER,
    NOTHING,
    OF_RDS,
    ONE,
    PARAMETERS,
    SEEN,
    TWO,
    aurora,
    instance,
    multi_az,
)
from tests.support.making import added, another
from tests.support.recipe_edits import Edit, known, left_out, unknown, without

BESIDE: Final = only("corrected", "aws_db_instance")
TASK = "aws_ecs_task_definition.api"
INHERITED_TASK = only("inherited", TASK)
TASKS = only("corrected", TASK)
GROUP = "aws_db_parameter_group.main"
DATABASE = "aws_db_instance.main"
WITH_GROUP = only("corrected", DATABASE, GROUP)
BUCKET = "aws_s3_bucket.images"


def attribute(
    number: str,
    base: Cut,
    address: str,
    path: str,
    *,
    good: Mapping[str, Any] | None = None,
    bad: Mapping[str, Any],
    unset: str = "",
    computed: bool = False,
) -> Scenario:
    """As corrected, with good and bad values, left out (`unset` is the verdict), and unknown."""
    scenario = Scenario(number, base).satisfied("as corrected")
    for why, value in (good or {}).items():
        scenario.satisfied(why, known(address, path, value))
    for why, value in bad.items():
        scenario.violated(why, known(address, path, value))
    if unset:
        without_it = left_out(address, path.partition("[")[0], computed=computed)
        getattr(scenario, unset)("left out", without_it)
    return scenario.undetermined("known after apply", unknown(address, path))


def on_the_cluster(number: str, name: str, wrong: Any) -> Scenario:
    """An attribute that every kind of cluster has itself."""
    return (
        Scenario(number, NOTHING)
        .satisfied("three machines", multi_az())
        .satisfied("aurora", aurora())
        .violated("three machines wrong", multi_az(), known(CLUSTER, name, wrong))
        .violated("three machines beside a right instance", multi_az(**{name: wrong}), base=BESIDE)
        .violated("aurora wrong", aurora(), known(CLUSTER, name, wrong))
        .violated(
            "aurora only said on an instance", aurora(**{name: wrong}), known(ONE, name, OF_RDS[name])
        )
        .undetermined("three machines known after apply", multi_az(), unknown(CLUSTER, name))
        .undetermined("aurora without its cluster", instance(ONE, CLUSTER, **SEEN))
    )


def on_instances(number: str, name: str, wrong: Any) -> Scenario:
    """An attribute that each instance of Aurora has."""
    return (
        Scenario(number, NOTHING)
        .satisfied("aurora", aurora())
        .violated("aurora reader wrong", aurora(), known(TWO, name, wrong))
        .violated(
            "aurora said on the cluster only",
            aurora(),
            known(CLUSTER, name, None),
            known(ONE, name, wrong),
        )
        .undetermined("aurora known after apply", aurora(), unknown(TWO, name))
        .undetermined("aurora without instances", aurora(instances=()))
    )


def _listed(stated: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"apply_method": "immediate", "name": each, "value": stated[each]} for each in stated]


def in_the_cluster_group(number: str, name: str, wrong: str) -> Scenario:
    """A parameter of PostgreSQL, of a cluster or of one of its instances."""
    others = {each: wrong if each == name else value for each, value in PARAMETERS.items()}
    listed = [{"apply_method": "immediate", "name": name, "value": wrong}]
    own = added("aws_db_parameter_group.two", {"name": "two", "parameter": listed})
    wrong_group = known("aws_rds_cluster_parameter_group.orders", "parameter", _listed(others))
    return (
        Scenario(number, NOTHING)
        .satisfied("three machines", multi_az())
        .satisfied("aurora", aurora())
        .violated("three machines wrong", multi_az(), wrong_group)
        .violated("aurora wrong", aurora(), wrong_group)
        .violated(
            "aurora reader has its own", aurora(), own, known(TWO, "db_parameter_group_name", "two")
        )
        .undetermined("aurora without its cluster", instance(ONE, CLUSTER, **SEEN))
        .undetermined(
            "a group of clusters elsewhere",
            multi_az(),
            known(CLUSTER, "db_cluster_parameter_group_name", "elsewhere"),
        )
    )


def containers(number: str) -> Scenario:
    """What all scenarios about containers have in common."""
    return (
        Scenario(number, TASKS)
        .satisfied("as corrected")
        .violated("as inherited", base=INHERITED_TASK)
        .undetermined("known after apply", unknown(TASK, "container_definitions"))
    )


def alarm_address(key: str) -> str:
    """The address of one of our alarms."""
    return f'aws_cloudwatch_metric_alarm.main["{key}"]'


def parameter(name: str, value: str) -> Edit:
    """The parameter group states this and nothing else."""
    return known(GROUP, "parameter", [{"apply_method": "immediate", "name": name, "value": value}])


def unnamed_parameter() -> Edit:
    """The parameter group has one parameter, of which apply decides the name."""

    def edit(plan: dict[str, Any]) -> None:
        known(GROUP, "parameter", [{"apply_method": "immediate", "name": "", "value": "1"}])(plan)
        unknown(GROUP, "parameter[0].name")(plan)

    return edit


def in_the_group(number: str, name: str, wrong: str) -> Scenario:
    """A parameter of the database's parameter group."""
    return (
        Scenario(number, WITH_GROUP)
        .satisfied("as corrected")
        .violated("another value", parameter(name, wrong))
        .violated("as inherited", base=only("inherited", DATABASE))
        .undetermined("parameters known after apply", unnamed_parameter())
        .undetermined("a group elsewhere", known(DATABASE, "parameter_group_name", "elsewhere"))
    )


def bucket_setting(number: str, address: str, path: str, wrong: str) -> Scenario:
    """A setting of the bucket that is a resource of its own."""
    return (
        Scenario(number, only("corrected", BUCKET, address))
        .satisfied("as corrected")
        .violated("another value", known(address, path, wrong))
        .violated("no such setting", without(address))
        .violated("second bucket has none", another(BUCKET, "second", bucket="second"))
        .undetermined("known after apply", unknown(address, path))
        .undetermined("setting of an unknown bucket", unknown(address, "bucket", "local.bucket"))
    )
