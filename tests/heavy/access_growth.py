"""How long does it take to compare large policies, as people write them and as nobody should?"""

import itertools
import json
import random
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from planspec.access import Outcome, Policy, compare, read_policy

Document = dict[str, Any]
ACTIONS: Final = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectTagging"]
LARGEST_OF_IDENTITY: Final = 6_144
LARGEST_OF_BUCKET: Final = 20_480
"""What AWS takes. Source: AWS IAM User Guide, "IAM and AWS STS quotas"; Amazon S3, "Bucket policies"."""


class Case(NamedTuple):
    """A pair of policies, how many seconds of a processor it may take, and what it may end with."""

    name: str
    before: Document
    after: Document
    seconds: float = 1.0
    outcomes: Sequence[Outcome] = (Outcome.MORE, Outcome.NOT_MORE)

    @property
    def characters(self) -> int:
        """How long the larger side is, as AWS counts."""
        return max(len(json.dumps(each, separators=(",", ":"))) for each in (self.before, self.after))


def _allow(actions: Any, resources: Any, **more: Any) -> Document:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def _deny(actions: Any, resources: Any) -> Document:
    return {**_allow(actions, resources), "Effect": "Deny"}


def _policy(*statements: Document) -> Document:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _bucket(number: int) -> str:
    return f"arn:aws:s3:::bucket-{number}/*"


def one_new(size: int) -> Case:
    """One statement, one ARN new."""
    arns = [_bucket(each) for each in range(size)]
    return Case(
        "one ARN new",
        _policy(_allow(ACTIONS, arns)),
        _policy(_allow(ACTIONS, [*arns, "arn:aws:s3:::n/*"])),
    )


def fewer_actions(size: int) -> Case:
    """Many statements, each with an action less."""
    sides = [
        _policy(*(_allow(actions, [_bucket(each)]) for each in range(size)))
        for actions in (ACTIONS, ACTIONS[:3])
    ]
    return Case("fewer actions", sides[0], sides[1])


def joined(size: int) -> Case:
    """What single pairs of an action and a resource allowed, in one statement."""
    arns = [_bucket(each) for each in range(size)]
    pairs = [_allow(action, arn) for arn in arns for action in ACTIONS[:2]]
    return Case("single pairs joined", _policy(*pairs), _policy(_allow(ACTIONS[:2], arns)))


def conditions(size: int) -> Case:
    """A tag and a network for each resource; one network grows."""
    sides = []
    for grown in (None, size // 2):
        stated = [
            _allow(
                ACTIONS,
                _bucket(each),
                Condition={
                    "StringEquals": {"aws:PrincipalTag/team": f"t{each}"},
                    "IpAddress": {"aws:SourceIp": f"10.{each % 250}.0.0/{23 if each == grown else 24}"},
                },
            )
            for each in range(size)
        ]
        sides.append(_policy(*stated))
    return Case("conditions", sides[0], sides[1])


def stars(size: int) -> Case:
    """A wildcard on both sides of each name, and one name new."""
    names = [f"*x{each}*" for each in range(size)]
    return Case("wildcards", _policy(_allow(ACTIONS, names)), _policy(_allow(ACTIONS, [*names, "*y*"])))


GROWING: Final = (one_new, fewer_actions, joined, conditions, stars)
SIZES: Final = (10, 50, 200)


def _hostile(size: int) -> Case:
    pick = random.Random(1)  # noqa: S311 - the same patterns every time
    parts = ("ab", "ba", "aa", "b", "a")

    def name() -> str:
        return f"*{'*'.join(pick.choice(parts) for _ in range(5))}*"

    before = [_allow("s3:*", name()) for _ in range(size)]
    after = [
        *before,
        *(_allow("s3:*", name()) for _ in range(size)),
        *(_deny("s3:*", name()) for _ in range(size)),
    ]
    return Case(f"{size} hostile names", _policy(*before), _policy(*after), 2.0, tuple(Outcome))


def _every_letter() -> Case:
    letters = "abcdefghijklmnop"
    names = [f"*{one}*{two}*" for one in letters for two in letters]
    before = [_allow("s3:Get*", each) for each in names]
    after = [
        {**_allow("s3:Get*", "*"), "NotResource": list(letters)},
        *(_deny("s3:*", f"{each}z") for each in names),
    ]
    del after[0]["Resource"]
    return Case("*a*b* of every letter", _policy(*before), _policy(*after), 2.0, tuple(Outcome))


def _by_tags(size: int) -> Case:
    keys = [f"aws:RequestTag/k{each}" for each in range(size)]
    split = [
        _allow(
            "ec2:RunInstances",
            "*",
            Condition={
                "StringEquals": {key: "a" for key, has in zip(keys, chosen, strict=True) if has},
                "StringNotEquals": {key: "a" for key, has in zip(keys, chosen, strict=True) if not has},
            },
        )
        for chosen in itertools.product((True, False), repeat=size)
    ]
    return Case(
        f"one right split by {size} tags", _policy(*split), _policy(_allow("ec2:RunInstances", "*")), 4.0
    )


def _longest(make: Any, characters: int) -> Case:
    """The largest of a kind that AWS takes."""
    sizes: Iterator[Case] = (make(size) for size in itertools.count(2, 2))
    fitting = list(itertools.takewhile(lambda case: case.characters <= characters, sizes))
    return fitting[-1]._replace(name=f"{fitting[-1].name}, {characters} characters")


CASES: Final = (
    *(_longest(make, size) for make in GROWING for size in (LARGEST_OF_IDENTITY, LARGEST_OF_BUCKET)),
    _hostile(60),
    _hostile(180),
    _every_letter(),
    _by_tags(8),
)


def milliseconds(case: Case) -> tuple[float, Outcome]:
    """Return the processor time of comparing a pair, reading included, and the answer."""
    start = time.process_time()
    sides = [
        [each for each in (read_policy(one),) if isinstance(each, Policy)]
        for one in (case.before, case.after)
    ]
    outcome = compare(*sides).outcome
    return (time.process_time() - start) * 1000, outcome


def table() -> Iterator[str]:
    """Yield the lines of what growing policies take, and of the largest and the hostile ones."""
    for make in GROWING:
        taken = [milliseconds(make(size)) for size in SIZES]
        cells = "".join(f"{each:10.1f} ms" for each, _ in taken)
        yield f"{make(1).name + ', ' + ', '.join(map(str, SIZES)):38}{cells}"
    for case in CASES:
        taken_once, outcome = milliseconds(case)
        yield f"{case.name:38}{taken_once:10.1f} ms  {outcome.value}, {case.characters} characters"
