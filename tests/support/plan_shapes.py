"""Plans of every shape that Terraform writes, about every resource type that Checkov knows.

    python -m tests.support.plan_shapes SHAPE NUMBER > plan.json

Made by rule and number, always the same: a shape says how blocks, keys and modules stand, the
vocabulary of Checkov's own checks says which types, attributes and values they have. The plans are what
`terraform show -json` prints, as far as any reader of plans looks.
"""

import functools
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from planspec.checkov import find_checkov, interpreter_of
from tests.support.plan_modules import Block, Json, Key, Module, document, instances, with_key

POLICIES = tuple(
    json.dumps({"Version": "2012-10-17", "Statement": statement})
    for statement in (
        [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
        [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::a/*"}],
        [{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Principal": "*"}],
        [{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Principal": {"AWS": "*"}}],
        [{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*", "Principal": "*"}],
        {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Principal": "*"},
        [
            {
                "Effect": "Deny",
                "Action": "s3:*",
                "Principal": "*",
                "Resource": "*",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    )
)
RULE = {"from_port": 0, "to_port": 65535, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}
# Values that any attribute may have; several checks stumble over some of them, and both must alike.
VALUES: tuple[Any, ...] = (
    *(
        True,
        False,
        None,
        0,
        1,
        22,
        80,
        90,
        3389,
        "",
        "true",
        "*",
        "0.0.0.0/0",
        "TLSv1.2_2021",
        "Enabled",
    ),
    *([], {}, [None], ["*"], ["0.0.0.0/0", "::/0"], ["10.0.0.0/8"], {"a.b/c": "d", "Name": "n"}),
    *([RULE], [{**RULE, "cidr_blocks": ["10.0.0.0/8"]}], [{"enabled": True}], [{"status": "Enabled"}]),
    *POLICIES,
)
REFERRING = ("bucket", "vpc_id", "policy", "arn", "rest_api_id", "security_groups")
KEYS: tuple[tuple[Key, ...], ...] = (
    (None,),
    (None,),
    (0, 1),
    ("a", "b.c"),
    ("a", 'quo"te', "br[0]", "x.y.z"),
)


@functools.cache
def vocabulary() -> Json:
    """What Checkov's checks speak of; asks the installed Checkov."""
    checkov = find_checkov()
    python = interpreter_of(checkov) if checkov else None
    assert python is not None, "Next: make .venv-checkov/.locked"
    script = Path(__file__).with_name("checkov_vocabulary.py")
    told = subprocess.run([python, "-I", script], capture_output=True, check=True)
    found: Json = json.loads(told.stdout)
    return found


class Maker:
    """Makes blocks by a number; the same number gives the same blocks."""

    def __init__(self, number: int) -> None:
        self.random = Random(number)  # noqa: S311
        self.types: Json = vocabulary()["types"]
        order = sorted(self.types)
        Random(1).shuffle(order)  # noqa: S311
        # Each number begins at another type, so that a run of numbers meets them all.
        start = number * 29 % len(order)
        self.order = [*order[start:], *order[:start]]
        self.partners: dict[str, list[str]] = {}
        for one, other in vocabulary()["connections"]:
            self.partners.setdefault(one, []).append(other)
            self.partners.setdefault(other, []).append(one)

    def kinds(self, count: int) -> list[str]:
        """So many types, half of them with those that checks connect them to."""
        found: list[str] = []
        for kind in self.order:
            if len(found) >= count:
                break
            found += [
                kind,
                *self.random.sample(
                    self.partners.get(kind, []), k=min(2, len(self.partners.get(kind, [])))
                ),
            ]
        return found[:count]

    def blocks(self, count: int, *, keyed: bool = False, names: Sequence[str] = ()) -> list[Block]:
        """Blocks that refer to each other."""
        made: dict[str, Block] = {}
        for number, kind in enumerate(self.kinds(count)):
            name = self.random.choice(names) if names else f"n{number}"
            data = kind in vocabulary()["data"] and self.random.random() < 0.7
            keys = self.random.choice(KEYS) if keyed else (None,)
            block = Block(
                kind, name, keys, [self.values(kind) for _ in keys], "data" if data else "managed"
            )
            made.setdefault(block.address, block)
        for block in made.values():
            self.refer(block, list(made.values()))
        return list(made.values())

    def values(self, kind: str) -> Json:
        """Values of one resource: what checks look at, right and wrong, and some at random."""
        known = self.types[kind]
        values: Json = {
            "name": self.random.choice(["a", "b"]),
            "tags": self.random.choice([None, {"a": "b"}]),
        }
        for path, expected in known["paths"]:
            if path and self.random.random() < 0.8:
                chosen = self.random.choice([*expected, *expected, *self.random.sample(VALUES, 2)])
                put(values, path, chosen)
        words = [each for each in known["words"] if each.isidentifier() and each.islower()]
        for word in self.random.sample(words, k=min(len(words), 3)):
            values.setdefault(word, self.value(known["words"]))
        return values

    def value(self, words: Sequence[str]) -> Any:
        """A value: one that everybody knows, a word of the check, or a block of its words."""
        chance = self.random.random()
        if chance < 0.5:
            return self.random.choice(VALUES)
        if chance < 0.7 or not words:
            return self.random.choice([*words, "x"])
        inside = self.random.sample(list(words), k=min(len(words), 3))
        return [{word: self.random.choice([*words, *VALUES]) for word in inside}]

    def refer(self, block: Block, others: Sequence[Block]) -> None:
        """Let some attributes refer to other blocks, in every way that a plan writes it."""
        partners = self.partners.get(block.kind, [])
        near = [each for each in others if each.kind in partners]
        for _ in range(self.random.randint(0, 3)):
            target = self.random.choice(near if near and self.random.random() < 0.8 else others)
            attribute = self.random.choice(
                [
                    "bucket",
                    "vpc_id",
                    "policy",
                    "arn",
                    "rest_api_id",
                    "security_groups",
                    f"to_{target.name}",
                ]
            )
            key = self.random.choice(target.keys)
            address = with_key(target.address, key if self.random.random() < 0.5 else None)
            ways = [[f"{address}.id", address], [f"{address}.arn", address, target.address], [address]]
            ways += [
                ["var.x", *ways[0]],
                ["each.value", "each.key"],
                ["local.x"],
                ["module.m.out", "module.m"],
            ]
            block.references[attribute] = self.random.choice(ways)
            for values in block.values:
                values.pop(attribute, None)
                if self.random.random() < 0.4:
                    values[attribute] = self.random.choice([None, [None], [None, "x"], "known"])


def put(values: Json, path: str, value: Any) -> None:
    """Put a value at a path of Checkov's: `a/[0]/b`, `a.b`, `a.*.b`."""
    parts = [each for each in path.replace("/", ".").split(".") if each.strip("[]*0123456789")]
    for part in parts[:-1]:
        inside = values.setdefault(part, [{}])
        if not (isinstance(inside, list) and inside and isinstance(inside[0], dict)):
            return
        values = inside[0]
    if parts:
        values[parts[-1]] = value


def flat(number: int) -> Module:
    """Everything in the root module, one instance each."""
    return Module(Maker(number).blocks(60))


def keyed(number: int) -> Module:
    """`count` and `for_each` in the root module, with keys that hold points, quotes and brackets."""
    return Module(Maker(number).blocks(35, keyed=True))


def modules(number: int) -> Module:
    """One module called plainly, with `count`, and with `for_each`, and another one inside it."""
    maker = Maker(number)
    inner = Module(maker.blocks(6, keyed=True))
    outer = Module(maker.blocks(10, keyed=True), {"inner": (maker.random.choice(KEYS), inner)})
    calls = {name: (keys, outer) for name, keys in zip(("one", "two", "three"), KEYS[1:4], strict=True)}
    return Module(maker.blocks(8), calls)


def hub(number: int) -> Module:
    """Many blocks that all refer to the same few."""
    maker = Maker(number)
    blocks = maker.blocks(50)
    for block in blocks[5:]:
        target = maker.random.choice(blocks[:5]).address
        block.references["hub"] = [f"{target}.id", target]
    return Module(blocks)


def clash(number: int) -> Module:
    """The same names in the root and in different modules, where a reference may lead astray."""
    maker = Maker(number)
    names = ("this", "main")
    calls: dict[str, tuple[tuple[Key, ...], Module]] = {}
    for name in ("a", "b"):
        inner = Module(maker.blocks(12, keyed=True, names=names))
        # What a reference names is missing here: its `count` is 0.
        inner.blocks = [each for each in inner.blocks if maker.random.random() < 0.7]
        calls[name] = (maker.random.choice(KEYS), inner)
    return Module(maker.blocks(15, keyed=True, names=names), calls)


def policies(number: int) -> Module:
    """Instances of one block whose policies differ."""
    maker = Maker(number)
    blocks = []
    kinds = [kind for kind in maker.types if "policy" in kind or "role" in kind]
    for place, kind in enumerate(maker.random.sample(kinds, 20)):
        keys = maker.random.choice(KEYS)
        given = [{"name": "n", "policy": maker.random.choice(POLICIES)} for _ in keys]
        for each in given:
            each["assume_role_policy"] = maker.random.choice(POLICIES)
        blocks.append(Block(kind, f"p{place}", keys, given))
    return Module(blocks, {"m": (("x", "y"), Module(blocks[:6]))})


def pairs(number: int) -> Module:
    """Types that checks connect, each with its partner in the same instance of a module."""
    maker = Maker(number)
    blocks = []
    for place, (one, other) in enumerate(maker.random.sample(vocabulary()["connections"], 12)):
        first, second = (
            Block(kind, f"{name}{place}", (None,), [maker.values(kind)])
            for kind, name in ((one, "a"), (other, "b"))
        )
        for block, target in ((second, first), (first, second))[: maker.random.randint(1, 2)]:
            attribute = maker.random.choice(REFERRING)
            block.references[attribute] = [f"{target.address}.id", target.address]
            block.values[0].pop(attribute, None)
        blocks += [first, second]
    called = Module(blocks)
    return Module([], {"m": (KEYS[3], called), "n": (KEYS[2], called), "o": (KEYS[0], called)})


DENIED = {"effect": "Deny", "condition": {"test": "Bool", "variable": "aws:SecureTransport"}}
EVERYBODY = {"grantee": [{"uri": "http://acs.amazonaws.com/groups/global/AllUsers"}]}
CANARY = {"expr": [{"expression": "evaluatePreconfiguredExpr('cve-canary')"}]}
BOTH = (True, False, None)
BUCKET, API = "aws_s3_bucket.{}.id", "aws_api_gateway_rest_api.{}.id"
DOCUMENT = "data.aws_iam_policy_document.{}.json"
# What three checks look for in the whole graph: a type, to what it refers, and the values it may have.
LOOKED_FOR: tuple[tuple[str, dict[str, str], Json], ...] = (
    ("aws_iam_policy_document", {}, {"statement": [[DENIED], []]}),
    ("aws_s3_bucket", {}, {"bucket": ["b", None]}),
    (
        "aws_s3_bucket_acl",
        {"bucket": BUCKET},
        {"acl": ["public-read", "private"], "access_control_policy": [None, [{"grant": [EVERYBODY]}]]},
    ),
    ("aws_s3_bucket_policy", {"bucket": BUCKET}, {"policy": POLICIES}),
    ("aws_s3_bucket_policy", {"bucket": BUCKET, "policy": DOCUMENT}, {}),
    (
        "aws_s3_bucket_public_access_block",
        {"bucket": BUCKET},
        {"block_public_acls": BOTH, "restrict_public_buckets": BOTH},
    ),
    ("aws_s3_bucket_website_configuration", {"bucket": BUCKET}, {"name": ["n"]}),
    (
        "aws_api_gateway_method",
        {"rest_api_id": API},
        {"authorization": ["NONE", "NONE", "AWS_IAM"], "http_method": ["OPTIONS"]},
    ),
    ("aws_api_gateway_rest_api", {}, {"name": ["n"]}),
    ("aws_api_gateway_rest_api", {}, {"policy": POLICIES}),
    ("aws_api_gateway_rest_api_policy", {"rest_api_id": API}, {"policy": POLICIES}),
    ("aws_api_gateway_rest_api_policy", {"rest_api_id": API, "policy": DOCUMENT}, {}),
    ("google_compute_security_policy", {}, {"name": ["a", "b", "c"]}),
    (
        "google_compute_security_policy_rule",
        {},
        {
            "security_policy": ["a", "b"],
            "action": ["allow", "deny"],
            "preview": BOTH,
            "match": [[CANARY]],
        },
    ),
)


def lookups(number: int) -> Module:
    """What three checks look for in the whole graph: policies, public access, rules of firewalls."""
    random = Maker(number).random

    def blocks() -> list[Block]:
        made: dict[str, Block] = {}
        for kind, refers, choices in random.choices(LOOKED_FOR, k=30):
            keys = random.choice(KEYS)
            values = [{key: random.choice(known) for key, known in choices.items()} for _ in keys]
            mode = "data" if kind == "aws_iam_policy_document" else "managed"
            block = Block(kind, random.choice("ab"), keys, values, mode)
            for attribute, target in refers.items():
                named = target.format(random.choice("ab"))
                block.references[attribute] = [named, named.rpartition(".")[0]]
            made.setdefault(block.address, block)
        return list(made.values())

    calls = {name: (random.choice(KEYS), Module(blocks())) for name in ("m", "n")}
    return Module(blocks(), calls)


SHAPES: dict[str, Callable[[int], Module]] = {
    each.__name__: each for each in (flat, keyed, modules, hub, clash, policies, pairs, lookups)
}


def giant(size: int) -> Module:
    """A module for each shape and number, until there are about so many instances."""
    root = Module(Maker(0).blocks(40))
    pairs = ((shape, number) for number in range(1000) for shape in SHAPES)
    for shape, number in pairs:
        root.calls[f"{shape}{number}"] = ((None,), SHAPES[shape](number))
        if sum(1 for _ in islice(instances(root, ""), size)) >= size:
            break
    return root


if __name__ == "__main__":
    wanted, which = sys.argv[1], int(sys.argv[2])
    root = giant(which) if wanted == "giant" else SHAPES[wanted](which)
    sys.stdout.buffer.write(document(root) + b"\n")
