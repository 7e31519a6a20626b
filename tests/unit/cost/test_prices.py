"""Is the catalogue whole, and does it never make a price up?"""

import ast
import json
import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from planspec import bundle
from planspec.cost import STALE_DAYS, families, read_prices, read_usage
from planspec.errors import PolicyError

BOOK = read_prices(bundle.POLICIES, bundle.POLICIES)
FEWEST_KEYS = 90


def folder(tmp_path: Path, file: str = "", **changes: Any) -> Path:
    """A copy of the catalogue in which the first row of a file is changed."""
    shutil.copytree(bundle.POLICIES / "prices", tmp_path / "prices")
    if file:
        path = tmp_path / "prices" / file
        document = json.loads(path.read_bytes())
        document["prices"][0] |= changes
        path.write_text(json.dumps(document), encoding="utf-8")
    return tmp_path


def test_at_least_ninety_keys_have_a_price_in_north_virginia() -> None:
    assert sum(BOOK.price(key, "us-east-1") is not None for key in BOOK.rows) >= FEWEST_KEYS
    assert all(BOOK.price(key, "us-east-1") for key, row in BOOK.rows.items() if row.prices)


def test_a_row_without_a_price_takes_one_from_an_offer_file_or_says_that_there_is_none() -> None:
    bare = [key for key, row in BOOK.rows.items() if not row.prices]
    assert bare
    assert not any(BOOK.price(key, "us-east-1") for key in bare)


def test_every_price_says_when_it_held_and_who_says_so() -> None:
    for row in BOOK.rows.values():
        for region, quote in row.prices.items():
            assert re.fullmatch(r"[a-z]{2}-[a-z]+-\d|global", region)
            assert date(2021, 1, 1) <= quote.as_of <= BOOK.compiled
            assert BOOK.sources[quote.source]


def test_a_region_without_a_row_has_no_price() -> None:
    assert BOOK.price("nat.hour", "us-east-1") is not None
    assert BOOK.price("nat.hour", "ap-southeast-2") is None
    assert BOOK.price("no.such.key", "us-east-1") is None


def test_a_standby_has_its_own_price_and_not_twice_the_other() -> None:
    single = BOOK.price("rds.postgres.single_az.db.t4g.small", "us-east-1")
    both = BOOK.price("rds.postgres.multi_az.db.t4g.small", "us-east-1")
    assert single
    assert both
    assert (single.usd, both.usd) == (Decimal("0.032"), Decimal("0.065"))


def test_a_price_for_everywhere_is_one_that_its_source_calls_so() -> None:
    glob = [key for key, row in BOOK.rows.items() if "global" in row.prices]
    assert sorted(glob) == [
        "cloudwatch.dashboard",
        "vpce.gateway",
        "waf.requests",
        "waf.rule",
        "waf.web_acl",
    ]


def test_the_catalogue_warns_when_it_is_older_than_180_days() -> None:
    last = BOOK.compiled + timedelta(days=STALE_DAYS)
    assert BOOK.stale(last) == ""
    assert "181 days old" in BOOK.stale(last + timedelta(days=1))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"prices": {"us-east-1": {"usd": "1e3", "as_of": "2026-01-01"}}}, "matching regex"),
        ({"prices": {"us-east-1": {"usd": 0.1, "as_of": "2026-01-01"}}}, "Expected `str`"),
        ({"prices": {"us-east-1": {"usd": "1", "as_of": "soon"}}}, "Invalid RFC3339|Invalid ISO"),
        ({"bucket": "free"}, "Invalid enum value"),
        ({"cost": "1"}, "unknown field `cost`"),
    ],
)
def test_a_wrong_row_names_its_file(tmp_path: Path, changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(PolicyError, match=rf"storage\.json: .*({problem})"):
        read_prices(folder(tmp_path, "storage.json", **changes), bundle.POLICIES)


def test_a_key_stands_once(tmp_path: Path) -> None:
    made = folder(tmp_path, "storage.json", key="nat.hour")
    with pytest.raises(PolicyError, match=r"nat\.hour is a duplicate key"):
        read_prices(made, bundle.POLICIES)


def test_a_source_is_one_that_is_explained(tmp_path: Path) -> None:
    quote = {"usd": "1", "as_of": "2026-01-01", "confidence": "high", "source": "hearsay"}
    made = folder(tmp_path, "storage.json", prices={"us-east-1": quote})
    with pytest.raises(PolicyError, match=r"the source hearsay is not in sources\.json"):
        read_prices(made, bundle.POLICIES)


def test_a_folder_of_policies_without_prices_has_those_of_planspec(tmp_path: Path) -> None:
    assert read_prices(tmp_path, bundle.POLICIES).rows.keys() == BOOK.rows.keys()


def test_types_that_cost_nothing_are_never_priced_too() -> None:
    from planspec.cost import PRICED

    assert not BOOK.free_types & PRICED.keys()


USAGE = '[[usage]]\naddress = "aws_lb.*"\nprice = "elb.alb.lcu"\nwhy = "measured"\n'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (USAGE, "two quantities or none"),
        (USAGE + 'quantity = "1"\ncapacity_units = { gb_per_hour = "1" }\n', "two quantities or none"),
        (USAGE.replace("elb.alb.lcu", "elb.lcu") + 'quantity = "1"\n', "elb.lcu is not a key"),
        (USAGE + 'quantity = "-1"\n', "matching regex"),
        (USAGE + 'quantity = "1"\nunit = "GB"\n', "unknown field `unit`"),
        ("usage = 1", "Expected `array`"),
    ],
)
def test_wrong_use_names_its_file(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "usage.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError, match=rf"usage\.toml: .*{problem}"):
        read_usage(tmp_path, frozenset(BOOK.rows))


def test_the_largest_dimension_decides_the_capacity_units(tmp_path: Path) -> None:
    text = USAGE + 'capacity_units = { new_connections_per_second = "10000", gb_per_hour = "3" }\n'
    (tmp_path / "usage.toml").write_text(text, encoding="utf-8")
    declared = read_usage(tmp_path, frozenset(BOOK.rows)).declared("aws_lb.main", "elb.alb.lcu")
    assert declared is not None
    assert declared.quantity == 400 * 730
    assert "new connections" in declared.why


FAMILIES = Path(families.__path__[0])
PRICE_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
ASKED = {"add": 1, "use": 1, "price": 0, "has_price": 0}
"""Methods of a resource being priced, and which of their arguments is the key."""
NO_KEYS = {"t3\\.medium", "db\\.serverless"}
"""Names of types, which are written like a key."""


def patterns(node: ast.AST) -> Iterator[str]:
    """The keys that an expression may be, as patterns: `ebs.gp3`, or `ebs.(.+)` for an f-string."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = [str(each.value) if isinstance(each, ast.Constant) else "\0" for each in node.values]
        yield re.escape("".join(parts)).replace("\0", "(.+)")


def used_keys() -> dict[str, str]:
    """Every price key that the families may ask for, as a pattern, with the place that says it."""
    found: dict[str, str] = {}
    for path in sorted(FAMILIES.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            asked = [
                pattern
                for pattern in patterns(node)
                if PRICE_KEY.fullmatch(pattern.replace("\\.", ".").replace("(.+)", "x"))
            ]
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                at = ASKED.get(node.func.attr, len(node.args))
                asked += [pattern for each in node.args[at : at + 1] for pattern in patterns(each)]
            asked = [each for each in asked if each not in NO_KEYS]
            found |= {each: f"{path.name}:{getattr(node, 'lineno', 0)}" for each in asked}
    return found


USED = used_keys()


@pytest.mark.parametrize(("pattern", "place"), [*USED.items()])
def test_a_price_key_that_a_family_asks_for_has_a_row(pattern: str, place: str) -> None:
    assert any(re.fullmatch(pattern, key) for key in BOOK.rows), (
        f"{place}: no such row in policies/prices"
    )


@pytest.mark.parametrize("key", sorted(BOOK.rows))
def test_a_row_of_the_catalogue_is_asked_for(key: str) -> None:
    assert any(re.fullmatch(pattern, key) for pattern in USED), "no family asks for it: delete the row"


def test_the_keys_of_the_families_are_found() -> None:
    assert {"globalaccelerator", r"nat\.hour", r"sns\.fifo\.gb", r"ebs\.(.+)\.iops"} <= USED.keys()
    assert len(USED) > 90
