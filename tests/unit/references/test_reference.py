"""Which resource instances does an attribute refer to?"""

import gc
import time
from collections.abc import Iterator
from typing import Any

import pytest

from planspec import Plan
from planspec.errors import BrokenDocument
from planspec.judgements.generic import resources, selections
from planspec.references import LOST, Grade, ReferenceGraph, References, graph, with_source
from planspec.source import ModuleSource, Source
from planspec.syntax import InstanceKey, maximal, module_path, tokens
from tests.support.plans import (
    block,
    call,
    configuration,
    constant,
    module,
    plan,
    quoted,
    refers,
    resource,
)

BUCKET = "aws_s3_bucket"
BLOCK = "aws_s3_bucket_public_access_block"
ID = ("aws_s3_bucket.b.id", "aws_s3_bucket.b")
KEYS = ["b.c", 'x"y', "${z}", "%{z}", "new\nline", "back\\slash", "a.b[0]", "ünï", "0", "]", "tab\t", ""]


def addresses(found: References) -> list[str]:
    """The addresses of the targets."""
    return [target.address for target in found.targets]


def one_block(expression: Any, *others: dict[str, Any], **sections: Any) -> Plan:
    """A plan of two buckets and a block whose `bucket` apply decides, from this expression."""
    buckets = [resource(BUCKET, "b", bucket=...), resource(BUCKET, "c", bucket=...)]
    attached = resource(BLOCK, "p", bucket=...)
    written = configuration(block(BLOCK, "p", bucket=expression), **sections)
    return plan(*buckets, attached, *others, configuration=written)


def of_block(given: Plan) -> References:
    """What the `bucket` of the block in the root module refers to."""
    (attached,) = (each for each in given.changes if each.address == f"{BLOCK}.p")
    return graph(given).of(attached, "bucket")


@pytest.mark.parametrize("key", KEYS)
def test_keys_of_any_text_are_read_back_from_addresses(key: str) -> None:
    assert module_path(f'module.a{quoted(key)}.module.b["k"]') == (("a", key), ("b", "k"))
    assert tokens(f"aws_x.y{quoted(key)}.id") == ["aws_x", "y", InstanceKey(key), "id"]


def test_escaped_characters_in_keys_are_read() -> None:
    assert tokens(r'x.y["\u00e9\U0001F600\r"]') == ["x", "y", InstanceKey("é😀\r")]


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("", ()),
        ("module.a", (("a", None),)),
        ("module.a[0].module.b-c", (("a", 0), ("b-c", None))),
        ('module.a["0"].aws_x.y', (("a", "0"),)),
    ],
)
def test_a_module_address_is_split_into_calls_with_their_keys(address: str, path: Any) -> None:
    assert module_path(address) == path


@pytest.mark.parametrize(
    ("reference", "split"),
    [
        ("x.cnt[0].id", ["x", "cnt", InstanceKey(0), "id"]),
        ("x.cnt.0.id", ["x", "cnt", InstanceKey(0), "id"]),
        ("x.cnt[*].id", ["x", "cnt", "id"]),
        ("x.größe.id", ["x", "größe", "id"]),
        ('x.fe["0"]', ["x", "fe", InstanceKey("0")]),
    ],
)
def test_a_reference_is_split_into_words_and_keys(reference: str, split: list[Any]) -> None:
    assert tokens(reference) == split


def test_prefixes_of_a_reference_are_left_out() -> None:
    listed = ["x.c[0].id", "x.c[0]", "x.c", "var.m.a", "var.m", "x.d", "x.d.id", "x.d"]
    assert [".".join(map(str, each)) for each in maximal(listed)] == [
        "x.c.InstanceKey(key=0).id",
        "var.m.a",
        "x.d",
        "x.d.id",
    ]


@pytest.mark.parametrize(
    ("expression", "found", "followed"),
    [
        pytest.param(refers(*ID), ["b"], True, id="one object"),
        pytest.param(refers("aws_s3_bucket.b"), ["b"], True, id="without attribute, as before 1.0.1"),
        pytest.param(refers(*ID, "aws_s3_bucket.c.id"), ["b", "c"], True, id="conditional"),
        pytest.param(refers("local.x"), [], False, id="local"),
        pytest.param(refers("local.on", *ID), ["b"], False, id="local beside an object"),
        pytest.param(refers("var.x", *ID), ["b"], True, id="root variable beside an object"),
        pytest.param(refers("path.module", "terraform.workspace", *ID), ["b"], True, id="no objects"),
        pytest.param(refers("each.value.id", "each.value"), [], False, id="each without for_each"),
        pytest.param(refers("aws_s3_bucket.gone[0].id"), [], True, id="count is 0"),
        pytest.param(refers("data.t.gone.id"), [], False, id="data that is nowhere"),
        pytest.param(refers("module.m"), [], False, id="whole module"),
        pytest.param(refers("module.m.out"), [], False, id="module that is not there"),
        pytest.param(constant("x"), [], True, id="constant"),
        pytest.param(constant(None), [], True, id="constant null"),
        pytest.param({}, [], False, id="function of constants"),
        pytest.param({"constant_value": "${x}", "references": [*ID]}, ["b"], True, id="both keys"),
        pytest.param([{"x": refers(*ID)}], ["b"], True, id="block"),
        pytest.param({"references": "x"}, [], False, id="references that are no list"),
        pytest.param({"references": [1]}, [], False, id="references that are no texts"),
        pytest.param("text", [], False, id="no expression"),
    ],
)
def test_an_expression_leads_to_objects_or_is_lost(
    expression: Any, found: list[str], *, followed: bool
) -> None:
    references = of_block(one_block(expression))
    assert addresses(references) == [f"aws_s3_bucket.{name}" for name in found]
    assert references.followed is followed


def test_an_attribute_without_expression_is_lost_since_a_dynamic_block_may_set_it() -> None:
    given = one_block(constant("x"))
    assert graph(given).of(given.changes[2], "other") is LOST
    assert graph(given).of(given.changes[0], "bucket") is LOST
    assert graph(given).of(given.changes[2]) is LOST


def test_a_plan_without_configuration_has_no_references() -> None:
    bare = plan(resource(BUCKET, "b", bucket=...), resource(BLOCK, "p", bucket=...))
    assert graph(bare).of(bare.changes[1], "bucket") is LOST
    assert graph(bare).targets(bare.changes[1], ("bucket",), BUCKET) is None


def test_a_nested_block_is_the_one_whose_stated_parts_are_those_in_the_plan() -> None:
    rule = [
        {"kms": refers(*ID), "name": constant("one")},
        {"kms": refers("aws_s3_bucket.c.id"), "name": constant("other")},
    ]
    given = plan(
        resource(BUCKET, "b"),
        resource(BUCKET, "c"),
        resource(BLOCK, "p", rule=[{"kms": ..., "name": "one"}, {"kms": ..., "name": "other"}]),
        configuration=configuration(block(BLOCK, "p", rule=rule)),
    )
    found = graph(given).of(given.changes[2], "rule", 1, "kms")
    assert addresses(found) == ["aws_s3_bucket.c"]
    assert found.grade is Grade.EXACT
    assert not graph(given).of(given.changes[2], "rule", 2, "kms").followed
    assert not graph(given).is_written(given.changes[2], "other")
    assert graph(given).is_written(given.changes[2], "rule")


def repeated(expression: Any, keys: list[Any], own: Any = None, **words: Any) -> list[str]:
    """What a resource of key `own` refers to, where the bucket has these keys."""
    given = plan(
        *(resource(BUCKET, "b", index=key) for key in keys),
        resource(BLOCK, "p", index=own, bucket=...),
        configuration=configuration(block(BLOCK, "p", bucket=expression, **words)),
    )
    found = graph(given).of(given.changes[-1], "bucket")
    return [address.removeprefix("aws_s3_bucket.b") for address in addresses(found)]


@pytest.mark.parametrize(
    ("references", "own", "found"),
    [
        pytest.param(["x.b[1].id", "x.b[1]", "x.b"], 0, ["[1]"], id="number"),
        pytest.param(["x.b[9].id", "x.b[9]", "x.b"], 0, [], id="number that is not there"),
        pytest.param(["x.b", "count.index"], 1, ["[1]"], id="count.index"),
        pytest.param(["x.b"], 1, ["[0]", "[1]"], id="splat"),
        pytest.param(["x.b", "var.k"], 1, ["[0]", "[1]"], id="key from a variable"),
        pytest.param(["x.b", "count.index"], 7, ["[0]", "[1]"], id="index without counterpart"),
    ],
)
def test_count_leads_to_one_instance_or_to_all(
    references: list[str], own: int, found: list[str]
) -> None:
    written = refers(*(each.replace("x.b", "aws_s3_bucket.b") for each in references))
    assert repeated(written, [0, 1], own) == found


@pytest.mark.parametrize("key", KEYS)
def test_for_each_with_any_key_leads_to_the_instance_of_that_key(key: str) -> None:
    others = [each for each in KEYS if each != key]
    by_key = refers(f"aws_s3_bucket.b{quoted(key)}.id", f"aws_s3_bucket.b{quoted(key)}")
    assert repeated(by_key, [*others, key]) == [quoted(key)]
    by_each = refers("aws_s3_bucket.b", "each.key")
    assert repeated(by_each, [*others, key], key) == [quoted(key)]
    by_value = refers("each.value.id", "each.value")
    over = refers("aws_s3_bucket.b")
    assert repeated(by_value, [*others, key], key, for_each=over) == [quoted(key)]


def test_the_text_0_is_not_the_number_0() -> None:
    assert repeated(refers('aws_s3_bucket.b["0"].id'), [0]) == []
    assert repeated(refers("aws_s3_bucket.b[0].id"), ["0"]) == []


@pytest.mark.parametrize(
    "over",
    [refers("local.all"), {}, refers("aws_s3_bucket.b", "aws_s3_bucket.c"), refers("var.all")],
    ids=["local", "function", "several", "root variable"],
)
def test_each_value_over_a_container_is_lost(over: Any) -> None:
    given = plan(
        resource(BUCKET, "b", index="k"),
        resource(BUCKET, "c", index="k"),
        resource(BLOCK, "p", index="k", bucket=...),
        configuration=configuration(block(BLOCK, "p", bucket=refers("each.value"), for_each=over)),
    )
    assert not graph(given).of(given.changes[2], "bucket").followed


def test_a_variable_is_followed_through_two_module_levels_in_the_same_instance() -> None:
    inner = module(block(BLOCK, "p", bucket=refers("var.name")))
    outer = module(block(BUCKET, "b"), calls={"inner": call(inner, name=refers("var.it", *ID))})
    eu, us = 'module.outer["e.u"]', 'module.outer["us"]'
    given = plan(
        *(resource(BUCKET, "b", module=each, bucket=...) for each in (eu, us)),
        *(resource(BLOCK, "p", module=f"{each}.module.inner[0]", bucket=...) for each in (eu, us)),
        configuration=configuration(calls={"outer": call(outer, it=constant("x"), for_each={})}),
    )
    found = [addresses(graph(given).of(each, "bucket")) for each in given.changes[2:]]
    assert found == [[f"{eu}.aws_s3_bucket.b"], [f"{us}.aws_s3_bucket.b"]]


def test_a_variable_that_is_not_given_is_its_default() -> None:
    inner = module(block(BLOCK, "p", bucket=refers("var.name")))
    given = plan(
        resource(BLOCK, "p", module="module.m", bucket=...),
        configuration=configuration(calls={"m": call(inner)}),
    )
    assert graph(given).of(given.changes[0], "bucket") == References()


def test_a_whole_object_may_be_passed_to_a_module() -> None:
    inner = module(block(BLOCK, "p", bucket=refers("var.bucket.id", "var.bucket")))
    given = plan(
        resource(BUCKET, "b", bucket=...),
        resource(BLOCK, "p", module="module.m", bucket=...),
        configuration=configuration(calls={"m": call(inner, bucket=refers("aws_s3_bucket.b"))}),
    )
    assert addresses(graph(given).of(given.changes[1], "bucket")) == ["aws_s3_bucket.b"]


@pytest.mark.parametrize(
    ("references", "own", "found"),
    [
        pytest.param(['module.m["a"].out', 'module.m["a"]'], None, ["a"], id="key"),
        pytest.param(["module.m"], None, [], id="splat"),
        pytest.param(["module.m.out", "module.m"], None, ["a", "b"], id="all"),
        pytest.param(["module.m.out", "module.m", "each.key"], "b", ["b"], id="own key"),
    ],
)
def test_an_output_leads_into_the_instances_of_its_module(
    references: list[str], own: Any, found: list[str]
) -> None:
    inner = module(block(BUCKET, "b"), outputs={"out": refers(*ID)})
    given = plan(
        *(resource(BUCKET, "b", module=f'module.m["{key}"]', bucket=...) for key in "ab"),
        resource(BLOCK, "p", index=own, bucket=...),
        configuration=configuration(
            block(BLOCK, "p", bucket=refers(*references)), calls={"m": call(inner)}
        ),
    )
    reached = addresses(graph(given).of(given.changes[2], "bucket"))
    assert reached == [f'module.m["{key}"].aws_s3_bucket.b' for key in found]


def test_an_output_of_a_module_without_resources_is_followed_to_its_input() -> None:
    through = module(outputs={"out": refers("var.it")})
    calls = {"m": call(through, it=refers(*ID))}
    assert addresses(of_block(one_block(refers("module.m.out"), calls=calls))) == ["aws_s3_bucket.b"]


def test_references_in_a_circle_are_lost_and_take_no_time() -> None:
    around = module(outputs={"out": refers("var.it", "var.other")})
    twice = refers("module.m.out", "module.m", "module.n.out", "module.n")
    calls = {name: call(around, it=twice, other=twice) for name in "mn"}
    started = time.perf_counter()
    assert not of_block(one_block(refers("module.m.out"), calls=calls)).followed
    assert time.perf_counter() - started < 1


def test_data_read_at_apply_is_found_before_data_read_while_planning() -> None:
    read = {"address": "data.t.d", "mode": "data", "type": "t", "name": "d", "values": {}}
    in_module = {**read, "address": "module.m.data.t.d"}
    state = {
        "values": {
            "root_module": {
                "resources": [read],
                "child_modules": [{"address": "module.m", "resources": [in_module]}],
            }
        }
    }
    inner = module(block("t", "r", a=refers("data.t.d.id", "data.t.d")))
    given = plan(
        resource("t", "r", a=...),
        resource("t", "r", module="module.m", a=...),
        resource("t", "e", mode="data", actions=["read"], a=...),
        resource("t", "s", a=...),
        prior_state=state,
        configuration=configuration(
            *inner["resources"],
            block("t", "s", a=refers("data.t.e.json", "data.t.e")),
            calls={"m": call(inner)},
        ),
    )
    found = [graph(given).of(given.changes[place], "a").targets for place in (0, 1, 3)]
    assert [[each.address for each in one] for one in found] == [
        ["data.t.d"],
        ["module.m.data.t.d"],
        ["data.t.e"],
    ]
    assert found[0][0].change is None
    assert found[2][0].change is given.changes[2]


@pytest.mark.parametrize(
    ("expression", "known", "targets"),
    [
        pytest.param(refers(*ID), ..., ("b",), id="by reference"),
        pytest.param(refers("local.x"), ..., None, id="local: cannot tell"),
        pytest.param(refers("local.on", *ID), ..., None, id="local in a condition: cannot tell"),
        pytest.param(constant("named"), "named", ("d",), id="by name"),
        pytest.param(refers("local.x"), "named", ("d",), id="by name though the reference is lost"),
        pytest.param(refers(*ID), "named", ("d",), id="name beats reference"),
        pytest.param(constant("elsewhere"), "elsewhere", (), id="named outside the plan"),
        pytest.param(constant("shared"), "shared", None, id="two resources of that name"),
        pytest.param(refers("var.x"), ..., None, id="root variable"),
        pytest.param(refers("aws_x.other.id"), ..., None, id="object that is not there"),
        pytest.param(constant(""), "", (), id="empty name"),
    ],
)
def test_a_target_is_told_by_name_or_by_reference_or_not_at_all(
    expression: Any, known: Any, targets: tuple[str, ...] | None
) -> None:
    given = plan(
        resource(BUCKET, "b", bucket=...),
        resource(BUCKET, "d", bucket="named", arn=""),
        resource(BUCKET, "e", bucket="shared"),
        resource(BUCKET, "f", bucket="shared", region="us-east-1"),
        resource(BLOCK, "p", bucket=known),
        configuration=configuration(block(BLOCK, "p", bucket=expression)),
    )
    found = graph(given).targets(given.changes[4], ("bucket",), BUCKET)
    assert found == (None if targets is None else tuple(f"aws_s3_bucket.{name}" for name in targets))


def incoming(given: Plan) -> dict[str, int]:
    """How many blocks surely belong to each bucket, and how many may belong to any."""
    joined = ReferenceGraph(given).incoming(BLOCK, ("bucket",), BUCKET)
    sure = {each.address: len(joined.to(each)) for each in given.remaining(BUCKET)}
    return sure | {"undecided": len(joined.undecided)}


def test_a_resource_belongs_to_the_one_that_it_refers_to() -> None:
    assert incoming(one_block(refers(*ID))) == {
        "aws_s3_bucket.b": 1,
        "aws_s3_bucket.c": 0,
        "undecided": 0,
    }


def test_what_is_lost_in_a_local_is_said_by_its_name() -> None:
    joined = graph(one_block(refers("local.x"))).incoming(BLOCK, ("bucket",), BUCKET)
    assert joined.doubt == f" for sure; {BLOCK}.p may (lost in local.x)"
    assert graph(one_block(refers(*ID))).incoming(BLOCK, ("bucket",), BUCKET).doubt == ""
    lost = one_block(refers("local.x"))
    selection = selections.of_type(lost, BLOCK)
    (found,) = resources.refer(selection, "bucket", BUCKET).findings
    assert found.observed == "what bucket refers to cannot be determined (lost in local.x)"


@pytest.mark.parametrize(
    ("at_least", "sure"), [(Grade.SAME_KEY, True), (Grade.EXACT, False)], ids=["same key", "exact"]
)
def test_a_judgement_says_which_grade_is_enough(at_least: Grade, *, sure: bool) -> None:
    given = plan(
        *(resource(BUCKET, "b", index=key) for key in "ab"),
        *(resource(BLOCK, "p", index=key, bucket=...) for key in "ab"),
        configuration=configuration(
            block(BUCKET, "b"), block(BLOCK, "p", bucket=refers("aws_s3_bucket.b", "each.key"))
        ),
    )
    joined = graph(given).incoming(BLOCK, ("bucket",), BUCKET, at_least)
    assert bool(joined.known) is sure
    assert bool(joined.undecided) is not sure
    named = graph(given).targets(given.changes[2], ("bucket",), BUCKET, at_least)
    assert named == (('aws_s3_bucket.b["a"]',) if sure else None)


def test_a_name_joins_nothing_across_two_providers() -> None:
    group = "aws_db_parameter_group"
    own, other = block("aws_db_instance", "d", parameter_group_name=constant("main")), block(group, "g")
    providers = {
        "aws": {"name": "aws"},
        "aws.west": {"name": "aws", "alias": "west"},
    }
    for key, targets in (("aws", ("aws_db_parameter_group.g",)), ("aws.west", ())):
        given = plan(
            resource(group, "g", name="main"),
            resource("aws_db_instance", "d", parameter_group_name="main"),
            configuration=configuration(
                {**own, "provider_config_key": "aws"},
                {**other, "provider_config_key": key},
                provider_config=providers,
            ),
        )
        found = graph(given).targets(given.changes[1], ("parameter_group_name",), group)
        assert found == targets


@pytest.mark.parametrize(
    ("configured", "key", "found"),
    [
        ({"aws": {"name": "aws"}}, "m:aws", "aws"),
        ({"aws": {"name": "aws"}, "aws.west": {"name": "aws"}}, "m:aws", None),
        ({"aws": {"name": "aws"}, "module.m:aws": {"name": "aws"}}, "module.m:aws", "module.m:aws"),
        ({}, "", None),
    ],
)
def test_a_provider_key_of_before_terraform_1_2_is_that_of_the_only_provider(
    configured: Any, key: str, found: str | None
) -> None:
    given = plan(
        resource(BUCKET, "b"),
        configuration=configuration(
            {**block(BUCKET, "b"), "provider_config_key": key}, provider_config=configured
        ),
    )
    assert graph(given).provider_of(given.changes[0]) == found


@pytest.mark.parametrize(
    "expression",
    [refers("var.x", *ID, "aws_s3_bucket.c.id"), refers("local.x"), {}],
    ids=["conditional with two objects", "local", "function"],
)
def test_a_resource_that_may_belong_to_several_belongs_surely_to_none(expression: Any) -> None:
    assert incoming(one_block(expression)) == {
        "aws_s3_bucket.b": 0,
        "aws_s3_bucket.c": 0,
        "undecided": 1,
    }


@pytest.mark.parametrize(
    ("providers", "answer"),
    [
        ({"aws": {"name": "aws", "expressions": {"default_tags": [{}]}}}, True),
        ({"aws": {"name": "aws"}}, False),
        ({"module.m:aws": {"name": "aws"}}, None),
        ({}, None),
    ],
    ids=["default tags", "none", "key of an old plan", "no provider"],
)
def test_provider_arguments_are_known_only_where_the_provider_is(
    providers: Any, *, answer: bool | None
) -> None:
    given = plan(
        resource(BUCKET, "b"),
        configuration=configuration(block(BUCKET, "b"), provider_config=providers),
    )
    assert graph(given).provider_sets(given.changes[0], "default_tags") is answer


ELEMENT = """
resource "aws_s3_bucket" "b" {
  count = 1
}
resource "aws_s3_bucket_public_access_block" "p" {
  count  = 1
  bucket = element(aws_s3_bucket.b[*].id, count.index)
}
"""


@pytest.fixture
def without_collection() -> Iterator[None]:
    """No search through what earlier tests left in memory comes between two times."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize(
    ("references", "source"),
    [
        pytest.param(["aws_s3_bucket.b"], "", id="splat"),
        pytest.param(["aws_s3_bucket.b", "count.index"], "", id="own key"),
        pytest.param(["aws_s3_bucket.b", "each.key", "var.k"], "", id="keys without counterpart"),
        pytest.param(["aws_s3_bucket.b", "count.index"], ELEMENT, id="element of a splat"),
    ],
)
@pytest.mark.usefixtures("without_collection")
def test_many_that_refer_to_many_take_time_in_proportion_to_them(
    references: list[str], source: str
) -> None:
    seconds = []
    for size in (250, 2000):
        shift = size if "var.k" in references else 0
        given = plan(
            *(resource(BUCKET, "b", index=key) for key in range(size)),
            *(resource(BLOCK, "p", index=key + shift, bucket=...) for key in range(size)),
            configuration=configuration(
                block(BUCKET, "b"), block(BLOCK, "p", bucket=refers(*references))
            ),
        )
        if source:
            given = with_source(given, Source(lambda _: ModuleSource("", {"main.tf": source.encode()})))
        resolver = graph(given)
        started = time.process_time()
        for change in given.changes[size:]:
            assert resolver.of(change, "bucket").followed
        seconds.append(time.process_time() - started)
    assert seconds[1] < 8 * 3 * max(seconds[0], 0.002)


@pytest.mark.usefixtures("without_collection")
def test_resolving_takes_time_in_proportion_to_the_resources() -> None:
    seconds = []
    for size in (200, 1600):
        keys = [f"k{number}" for number in range(size)]
        inner = module(
            block(BUCKET, "b"),
            block(BLOCK, "p", bucket=refers(*ID)),
            block(BLOCK, "q", bucket=refers(*ID)),
        )
        given = plan(
            *(resource(BUCKET, "b", module=f'module.m["{key}"]', bucket=...) for key in keys),
            *(resource(BLOCK, "p", module=f'module.m["{key}"]', bucket=...) for key in keys),
            configuration=configuration(calls={"m": call(inner)}),
        )
        started = time.process_time()
        assert incoming(given)["undecided"] == 0
        seconds.append(time.process_time() - started)
    assert seconds[1] < 8 * 5 * max(seconds[0], 0.001)


@pytest.mark.parametrize("references", [[None], ["aws_vpc.v.id", 1], [["a.b"]]])
def test_references_that_are_no_texts_are_an_edited_plan(references: Any) -> None:
    with pytest.raises(BrokenDocument, match="so the plan was edited"):
        list(maximal(references))


@pytest.mark.parametrize("key", ["9" * 5000, '"\\U99999999"'])
def test_a_key_that_no_terraform_writes_is_no_fault(key: str) -> None:
    assert tokens(f"aws_vpc.v[{key}].id")[:2] == ["aws_vpc", "v"]
    assert module_path(f"module.a[{key}].module.b")[0][0] == "a"
