"""Can everything in a configuration be asked, chosen by name, with a key that it has?"""

from collections.abc import Mapping
from typing import Any

import pytest

from planspec import Plan, Verdict
from planspec.errors import UnknownName
from planspec.finding import Judgement
from planspec.judgements.generic import configuration_parts, relations, resources, selections
from planspec.judgements.generic.selections import Selection
from planspec.references import with_source
from planspec.source import ModuleSource, Source
from tests.support.plans import plan, refers

SATISFIED, VIOLATED, UNDETERMINED = Verdict.SATISFIED, Verdict.VIOLATED, Verdict.UNDETERMINED
AWS = "registry.terraform.io/hashicorp/aws"
PLAN = plan(
    variables={"region": {"value": "us-east-1"}, "stage": {"value": None}},
    output_changes={
        "url": {"actions": ["create"], "before": None, "after": "x", "after_unknown": False}
    },
    configuration={
        "provider_config": {
            "aws": {
                "name": "aws",
                "full_name": AWS,
                "version_constraint": "~> 5.80",
                "expressions": {
                    "region": {"references": ["var.region"]},
                    "profile": {"references": ["local.profile"]},
                    "default_tags": [{"tags": {"constant_value": {"Team": "payments"}}}],
                    "assume_role": [{"role_arn": {"constant_value": "arn:aws:iam::1:role/admin"}}],
                },
            },
            "aws.east": {"name": "aws", "full_name": AWS, "alias": "east"},
            "acme": {"name": "acme", "full_name": "registry.terraform.io/acme/acme"},
            "module.a:aws": {
                "name": "aws",
                "full_name": AWS,
                "module_address": "module.a",
                "version_constraint": ">= 4.0",
            },
        },
        "root_module": {
            "variables": {"region": {}, "token": {"sensitive": True}},
            "outputs": {"url": {"expression": {}}},
            "resources": [
                {
                    "mode": "managed",
                    "type": "aws_instance",
                    "name": "web",
                    "provisioners": [{"type": "remote-exec"}, {"type": "file"}],
                }
            ],
            "module_calls": {
                "a": {
                    "source": "app.terraform.io/acme/a/aws",
                    "version_constraint": "1.2.0",
                    "module": {
                        "resources": [
                            {
                                "mode": "managed",
                                "type": "null_resource",
                                "name": "n",
                                "provisioners": [{"type": "local-exec"}],
                            }
                        ],
                        "module_calls": {"b": {"source": "./b", "module": {}}},
                    },
                }
            },
        },
    },
)
MAKING = {
    "variable": configuration_parts.variables,
    "output": configuration_parts.outputs,
    "provider": configuration_parts.providers,
    "required provider": configuration_parts.required_providers,
    "module call": configuration_parts.module_calls,
    "provisioner": configuration_parts.provisioners,
}


def every(what: str, given: Plan = PLAN) -> Selection:
    """All parts of one kind."""
    if what in {"variable", "output"}:
        return selections.of_parts(given, MAKING[what](given), what)
    return selections.of_configuration(given, MAKING[what](given), what)


def only(what: str, name: str) -> Selection:
    """The parts of one kind with this name."""
    return selections.keep(every(what), "name", relations.equals(name))


def must_be(selected: Selection, path: str, value: str, *, negated: bool = False) -> Judgement:
    """Every value at the path is this, or is not."""
    return resources.hold(selected, "every", path, relations.equals(value), "", negated=negated)


@pytest.mark.parametrize(
    ("what", "addresses"),
    [
        ("variable", ["variable.region", "variable.stage", "variable.token"]),
        ("output", ["output.url"]),
        ("provider", ["provider.aws", "provider.aws.east", "provider.acme", "provider.module.a:aws"]),
        (
            "required provider",
            ["required_provider.aws", "required_provider.acme", "required_provider.module.a:aws"],
        ),
        ("module call", ["module.a", "module.a.module.b"]),
        (
            "provisioner",
            [
                "aws_instance.web.provisioner[0]",
                "aws_instance.web.provisioner[1]",
                "module.a.null_resource.n.provisioner[0]",
            ],
        ),
    ],
)
def test_each_part_has_an_address_of_its_own(what: str, addresses: list[str]) -> None:
    assert [each.address for each in every(what).resources] == addresses


@pytest.mark.parametrize(
    ("what", "name", "path", "right"),
    [
        ("variable", "region", "value", "us-east-1"),
        ("output", "url", "value", "x"),
        ("provider", "acme", "source", "registry.terraform.io/acme/acme"),
        ("required provider", "acme", "source", "registry.terraform.io/acme/acme"),
        ("module call", "a", "source", "app.terraform.io/acme/a/aws"),
        ("module call", "a", "version", "1.2.0"),
        ("provisioner", "n", "type", "local-exec"),
        ("provisioner", "n", "address", "module.a.null_resource.n"),
    ],
)
def test_each_part_is_chosen_by_its_name_and_judged_by_what_is_written(
    what: str, name: str, path: str, right: str
) -> None:
    selected = only(what, name)
    assert (len(selected.resources), len(selected.unsure)) == (1, 0)
    assert must_be(selected, path, right).verdict is SATISFIED
    assert must_be(selected, path, "other").verdict is VIOLATED
    assert must_be(selected, path, right, negated=True).verdict is VIOLATED


@pytest.mark.parametrize(
    ("path", "value", "verdict"),
    [
        ("default_tags[0].tags.Team", "payments", SATISFIED),
        ("default_tags[0].tags.Team", "sales", VIOLATED),
        ("default_tags.tags.Team", "payments", UNDETERMINED),
        ("assume_role[0].role_arn", "arn:aws:iam::1:role/admin", SATISFIED),
        ("region", "us-east-1", SATISFIED),
        ("profile", "x", UNDETERMINED),
        ("sts_region", "x", VIOLATED),
    ],
)
def test_the_blocks_of_a_provider_are_read_as_they_are_written(
    path: str, value: str, verdict: Verdict
) -> None:
    root = selections.keep(every("provider"), "address", relations.equals("provider.aws"))
    assert must_be(root, path, value).verdict is verdict


def test_a_misspelt_key_of_the_kept_providers_is_an_error() -> None:
    root = selections.keep(every("provider"), "address", relations.equals("provider.aws"))
    for path, near in (("default_tags[0].tags.Teem", '"Team"'), ("regoin", '"region"')):
        with pytest.raises(UnknownName) as caught:
            must_be(root, path, "x", negated=True)
        assert near in str(caught.value)


def test_what_nobody_wrote_for_a_provider_may_come_from_its_environment() -> None:
    east = selections.keep(every("provider"), "alias", relations.equals("east"))
    judged = must_be(east, "region", "us-east-1", negated=True)
    assert judged.verdict is UNDETERMINED
    assert "environment" in judged.findings[0].observed
    assert selections.keep(east, "region", relations.equals("us-east-1")).unsure
    absent = resources.hold(east, "every", "access_key", relations.is_set, "", negated=True)
    assert absent.verdict is SATISFIED


@pytest.mark.parametrize(
    ("what", "path", "words"),
    [
        ("variable", "valeu", 'no variable has "valeu"; did you mean "value"?'),
        ("variable", "type", 'no variable has "type"; it has address, default, name'),
        ("output", "valu", 'did you mean "value"?'),
        ("module call", "sorce", 'did you mean "source"?'),
        ("required provider", "verson", 'did you mean "version"?'),
        ("provisioner", "command", "it has address, module, name"),
    ],
)
def test_a_key_that_a_part_does_not_have_is_an_error(what: str, path: str, words: str) -> None:
    for ask in (
        lambda: must_be(every(what), path, "x", negated=True),
        lambda: selections.keep(every(what), path, relations.is_set, negated=True),
    ):
        with pytest.raises(UnknownName) as caught:
            ask()
        assert words in str(caught.value)


@pytest.mark.parametrize(
    ("path", "words"),
    [("regoin", '"region"'), ("acess_key", '"access_key"'), ("assume_role[0].role_anr", '"role_arn"')],
)
def test_a_misspelt_argument_of_a_provider_is_an_error(path: str, words: str) -> None:
    aws = plan(configuration={"provider_config": {"aws": {"name": "aws", "full_name": AWS}}})
    with pytest.raises(UnknownName) as caught:
        must_be(every("provider", aws), path, "x", negated=True)
    assert words in str(caught.value)


def test_what_an_unknown_provider_takes_is_undetermined_and_no_pass() -> None:
    judged = must_be(only("provider", "acme"), "endpoint", "x", negated=True)
    assert judged.verdict is UNDETERMINED


@pytest.mark.parametrize(
    ("what", "path", "text", "near"),
    [
        ("variable", "name", "regoin", '"region"'),
        ("variable", "address", "region", '"variable.region"'),
        ("module call", "name", "A", '"a"'),
    ],
)
def test_a_name_that_is_nearly_there_is_an_error(what: str, path: str, text: str, near: str) -> None:
    with pytest.raises(UnknownName) as caught:
        selections.keep(every(what), path, relations.equals(text))
    assert near in str(caught.value)


def test_a_name_that_is_not_there_at_all_leaves_nothing() -> None:
    assert not only("variable", "network").resources
    assert resources.count(only("variable", "network"), minimum=1).verdict is VIOLATED


def test_a_value_that_the_plan_does_not_keep_is_undetermined() -> None:
    assert must_be(only("variable", "token"), "value", "x", negated=True).verdict is UNDETERMINED
    assert must_be(only("variable", "stage"), "value", "x").verdict is VIOLATED


@pytest.mark.parametrize(
    ("text", "region", "verdict"),
    [
        ("region = local.here", "eu-west-1", SATISFIED),
        ("region = local.here", "us-east-1", VIOLATED),
        ('region = "${local.here}-x"', "eu-west-1", VIOLATED),
        ("region = local.elsewhere", "eu-west-1", UNDETERMINED),
    ],
)
def test_the_source_says_what_a_local_gives_a_provider(text: str, region: str, verdict: Verdict) -> None:
    name = "local.elsewhere" if "elsewhere" in text else "local.here"
    given = plan(
        configuration={
            "provider_config": {
                "aws": {"name": "aws", "full_name": AWS, "expressions": {"region": refers(name)}}
            },
            "root_module": {},
        }
    )
    assert must_be(every("provider", given), "region", region).verdict is UNDETERMINED
    local = 'locals {\n  here = "eu-west-1"\n  elsewhere = timestamp()\n}\n'
    source = f'provider "aws" {{\n  {text}\n}}\n{local}'
    files = {"main.tf": source.encode()}
    read = with_source(given, Source(lambda _: ModuleSource("", files)))
    assert must_be(every("provider", read), "region", region).verdict is verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("region = var.region", SATISFIED),
        ('region = var.region == "eu-west-1" ? "us-east-1" : "eu-west-1"', VIOLATED),
    ],
)
def test_the_source_tells_a_variable_from_a_choice_by_it(text: str, verdict: Verdict) -> None:
    given = plan(
        variables={"region": {"value": "eu-west-1"}},
        configuration={
            "provider_config": {
                "aws": {"name": "aws", "full_name": AWS, "expressions": {"region": refers("var.region")}}
            },
            "root_module": {"variables": {"region": {}}},
        },
    )
    source = f'provider "aws" {{\n  {text}\n}}\nvariable "region" {{\n  type = string\n}}\n'
    read = with_source(given, Source(lambda _: ModuleSource("", {"main.tf": source.encode()})))
    assert must_be(every("provider", read), "region", "eu-west-1").verdict is verdict


WITHOUT: Mapping[str, Any] = {"root_module": {}}


@pytest.mark.parametrize("what", ["module call", "provisioner", "provider", "required provider"])
def test_none_of_a_part_is_judged_by_the_configuration_alone(what: str) -> None:
    assert resources.count(every(what), maximum=0).verdict is VIOLATED
    empty = plan(configuration=WITHOUT)
    assert resources.count(every(what, empty), maximum=0).verdict is SATISFIED
    unheard = plan()
    assert not unheard.has_configuration
    assert resources.count(every(what, unheard), maximum=0).verdict is UNDETERMINED
    assert must_be(every(what, unheard), "name", "x", negated=True).verdict is UNDETERMINED


NESTED = plan(
    variables={"region": {"value": "eu-west-1"}},
    output_changes={
        "url": {"actions": ["create"], "before": None, "after": "x", "after_unknown": False},
        "key": {"actions": ["create"], "before": None, "after": "y", "after_unknown": False},
    },
    configuration={
        "provider_config": {
            "acme": {
                "name": "acme",
                "full_name": "example.com/acme/acme",
                "expressions": {
                    "region": {"references": ["var.region"]},
                    "zone": {"references": ["var.zone", "var.region"]},
                    "outer": [{"inner": [{"port": {"constant_value": 1}}]}],
                    "one": {"inner": {"constant_value": 2}},
                    "listed": ["x"],
                    "nothing": {},
                },
            },
            "acme.b": {"name": "acme", "alias": "b", "version_constraint": "~> 2.0"},
            "acme.c": {"name": "acme", "alias": "c"},
            "module.m:acme": {
                "name": "acme",
                "module_address": "module.m",
                "expressions": {"region": {"references": ["var.region"]}},
            },
            "module.m:late": {"name": "late", "module_address": "module.m", "version_constraint": "1.0"},
            "module.m:late.x": {
                "name": "late",
                "alias": "x",
                "module_address": "module.m",
                "version_constraint": "1.0",
            },
        },
        "root_module": {
            "variables": {
                "region": {"default": "eu-west-1"},
                "token": {"sensitive": True, "default": "t"},
            },
            "outputs": {"url": {"expression": {}}, "key": {"expression": {}, "sensitive": True}},
            "resources": [
                {"mode": "managed", "type": "a_b", "name": "c", "provisioners": [{"type": "file"}]}
            ],
            "module_calls": {
                "m": {
                    "source": "./m",
                    "module": {
                        "resources": [
                            {"mode": "managed", "type": "d_e", "name": "f", "provisioners": [{}]}
                        ],
                        "module_calls": {"n": {"module": {}}},
                    },
                }
            },
        },
    },
)
OPEN, SECRET, UNSET = "(known after apply)", "(sensitive)", "(not set)"


def held(what: str) -> dict[str, dict[str, str]]:
    """Each part of a kind by its address: all of its values as they are shown."""
    return {
        each.address: {name: place.shown for name, place in each.after.entries()}
        for each in MAKING[what](NESTED)
    }


def test_what_a_variable_and_an_output_hold() -> None:
    assert held("variable") == {
        "variable.region": {
            "name": '"region"',
            "address": '"variable.region"',
            "value": '"eu-west-1"',
            "default": '"eu-west-1"',
            "sensitive": "false",
        },
        "variable.token": {
            "name": '"token"',
            "address": '"variable.token"',
            "value": OPEN,
            "default": SECRET,
            "sensitive": "true",
        },
    }
    assert held("output") == {
        "output.url": {
            "name": '"url"',
            "address": '"output.url"',
            "value": '"x"',
            "sensitive": "false",
        },
        "output.key": {
            "name": '"key"',
            "address": '"output.key"',
            "value": '"y"',
            "sensitive": "true",
        },
    }


def test_what_module_calls_and_provisioners_hold() -> None:
    assert held("module call") == {
        "module.m": {
            "name": '"m"',
            "address": '"module.m"',
            "source": '"./m"',
            "version": UNSET,
        },
        "module.m.module.n": {
            "name": '"n"',
            "address": '"module.m.module.n"',
            "source": UNSET,
            "version": UNSET,
        },
    }
    assert held("provisioner") == {
        "a_b.c.provisioner[0]": {
            "name": '"c"',
            "address": '"a_b.c"',
            "type": '"file"',
            "resource_type": '"a_b"',
            "module": UNSET,
        },
        "module.m.d_e.f.provisioner[0]": {
            "name": '"f"',
            "address": '"module.m.d_e.f"',
            "type": UNSET,
            "resource_type": '"d_e"',
            "module": '"module.m"',
        },
    }


def test_what_a_provider_holds() -> None:
    found = held("provider")
    assert found["provider.acme"] == {
        "address": '"provider.acme"',
        "source": '"example.com/acme/acme"',
        "version": UNSET,
        "version_constraint": UNSET,
        "module": UNSET,
        "alias": UNSET,
        "name": '"acme"',
        "region": '"eu-west-1"',
        "zone": OPEN,
        "outer": '[{"inner": [{"port": 1}]}]',
        "one": '{"inner": 2}',
        "listed": f"[{OPEN}]",
        "nothing": OPEN,
    }
    assert found["provider.acme.b"]["alias"] == '"b"'
    assert found["provider.acme.b"]["version"] == '"~> 2.0"'
    assert found["provider.acme.b"]["version_constraint"] == '"~> 2.0"'
    # A variable of a module is another one than that of the root.
    assert found["provider.module.m:acme"]["region"] == OPEN
    assert found["provider.module.m:acme"]["module"] == '"module.m"'


def test_a_provider_is_required_once_in_each_module_that_says_so() -> None:
    found = held("required provider")
    assert {name: each["version"] for name, each in found.items()} == {
        "required_provider.acme": UNSET,
        "required_provider.module.m:late": '"1.0"',
    }


def test_a_plan_without_a_configuration_leaves_it_open() -> None:
    known, unknown = (configuration_parts.whole(each) for each in (PLAN, plan()))
    assert (known.address, known.type, known.name) == ("configuration",) * 3
    assert known.after.shown == "{}"
    assert unknown.after.shown == OPEN
