"""What fails or crashes in the nearest peer and should not."""

from collections.abc import Sequence

from tests.conformance.row import Row, plan
from tests.conformance.shapes import DATABASE, DATABASES, ENCRYPTED, ERROR, PASSES, THINGS, thing
from tests.support.plans import block, constant, module, refers, resource

WRONG_FAILURES: Sequence[Row] = [
    Row(
        "A6",
        "a version that looks like a number",
        "fails, exit 1",
        plan(DATABASE),
        [DATABASES, 'Then every "engine_version" must be "13.10"'],
        "satisfied",
    ),
    Row(
        "A6b",
        "another version that is the same number",
        PASSES,
        plan(DATABASE),
        [DATABASES, 'Then every "engine_version" must be "13.1"'],
        "violated",
    ),
    Row(
        "E1",
        'a tag of the text "null"',
        "takes it for nothing",
        plan(thing(tags={"Owner": "null"})),
        [THINGS, 'Then every "tags.Owner" must be set'],
        "satisfied",
    ),
    Row(
        "C14",
        "a value that apply decides, with no reference to follow",
        "says that it is not there, exit 1",
        plan(thing(arn=...)),
        [THINGS, 'Then every "arn" must be set'],
        "undetermined",
    ),
    Row(
        "KEY",
        "its key must not be a value",
        ERROR,
        plan(thing(kind="x")),
        [THINGS, 'Then every "kind" must not be "y"'],
        "satisfied",
    ),
    Row(
        "C6b",
        "a pattern on a switch",
        ERROR,
        plan(thing(open=True, size=1)),
        [THINGS, 'And we keep those whose "open" matches "true"', 'Then every "size" must be "1"'],
        "satisfied",
    ),
    Row(
        "C6c",
        "a pattern on the entries of a list",
        ERROR,
        plan(thing(rule=[{"key": "a-1"}, {"key": "b"}])),
        [THINGS, 'Then some "rule[*].key" must match "a-.*"'],
        "satisfied",
    ),
    Row(
        "K4",
        "a list with one element",
        ERROR,
        plan(thing(names=["a"])),
        [THINGS, 'And we keep those whose "names[*]" is "a"', 'Then every "names[*]" must be "a"'],
        "satisfied",
    ),
    Row(
        "K6",
        "what does not have an attribute, inside a block",
        ERROR,
        plan(thing(rule=[{"a": None}])),
        [THINGS, 'And we keep those whose "rule[*].a" is not set', "Then there must be at least 1"],
        "satisfied",
    ),
    Row(
        "IN",
        "one of a list, written without braces",
        ERROR,
        plan(thing(kind="a")),
        [THINGS, 'Then every "kind" must be one of "a, b"'],
        "satisfied",
    ),
    Row(
        "G2",
        "a block of a provider that is called references",
        "aborts, exit 1",
        plan(
            thing(size=1),
            configuration={
                "provider_config": {
                    "p": {"name": "p", "expressions": {"references": [{"a": constant(1)}]}}
                },
                "root_module": module(block("aws_thing", "x")),
            },
        ),
        [THINGS, 'Then every "size" must be "1"'],
        "satisfied",
    ),
    Row(
        "N316",
        "attributes called resources, outputs and variables",
        "aborts, exit 1",
        plan(thing(resources=["a"], outputs={"b": 1}, variables=None)),
        [THINGS, 'Then every "resources[*]" must be "a"'],
        "satisfied",
    ),
    Row(
        "D12",
        "a scenario that does not begin with Given",
        "aborts, exit 1",
        plan(DATABASE),
        list(ENCRYPTED),
        "violated",
    ),
    Row(
        "D21",
        "a plan in which nothing will be left",
        "aborts, exit 1",
        plan(resource("aws_db_instance", "d", actions=["delete"], before={})) | {"planned_values": {}},
        [
            'When we examine every change of "aws_db_instance" with action "delete"',
            "Then there must be none",
        ],
        "violated",
    ),
    Row(
        "E6",
        "the region of an alias comes from a variable",
        "fails, exit 1",
        plan(
            thing(size=1),
            variables={"r": {"value": "eu-west-1"}},
            configuration={
                "provider_config": {
                    "aws": {"name": "aws", "expressions": {"region": constant("eu-west-1")}},
                    "aws.other": {
                        "name": "aws",
                        "alias": "other",
                        "expressions": {"region": refers("var.r")},
                    },
                },
                "root_module": {},
            },
        ),
        [
            "When we examine every provider of the configuration",
            'Then every "region" must be "eu-west-1"',
            THINGS,
            'Then every "size" must be "1"',
        ],
        "satisfied",
    ),
]
