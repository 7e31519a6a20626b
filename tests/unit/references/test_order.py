"""What does Terraform make before a block: through locals, modules, loops and `depends_on`?"""

from pathlib import Path
from typing import Any

from planspec.plan import Plan
from planspec.references import made_before, with_source
from planspec.source import of_folder
from tests.support.plans import block, call, configuration, module, plan, refers, resource

LAST, FIRST, OTHER = "aws_thing.last", "aws_thing.first", "aws_thing.other"


def planned(*blocks: Any, called: dict[str, Any] | None = None, at: str = "") -> Plan:
    """A plan with three things, one of them in a module if it says so."""
    changes = [resource("aws_thing", name) for name in ("last", "first", "other")]
    changes += [resource("aws_thing", "first", module=at)] if at else []
    return plan(*changes, configuration=configuration(*blocks, calls=called or {}))


def holds(given: Plan, address: str = FIRST) -> bool | None:
    """Whether the last thing comes after another."""
    last, other = given.find(LAST), given.find(address)
    assert last is not None
    assert other is not None
    return made_before(last, given).holds(other, given)


def things(**last: Any) -> tuple[dict[str, Any], ...]:
    """The blocks of three things; the last one refers to what is told."""
    return block("aws_thing", "last", **last), block("aws_thing", "first"), block("aws_thing", "other")


def test_a_reference_an_order_that_is_stated_and_what_lies_between() -> None:
    assert holds(planned(*things())) is False
    assert holds(planned(*things(size=refers(f"{FIRST}.id", FIRST)))) is True
    assert (
        holds(planned(*things(rule=[{"size": refers(f"{FIRST}[0].id", f"{FIRST}[0]", FIRST)}]))) is True
    )
    assert holds(planned(*things(for_each=refers(FIRST)))) is True
    last, first, other = things(size=refers(f"{OTHER}.id", OTHER))
    other["depends_on"] = [FIRST]
    assert holds(planned(last, first, other)) is True


def test_a_local_is_followed_in_the_source_and_lost_without_it(tmp_path: Path) -> None:
    given = planned(*things(size=refers("local.sizes")))
    assert holds(given) is None
    for written, expected in (
        ("[for thing in [aws_thing.first] : thing.id]", True),
        ("[for thing in [aws_thing.other] : thing.id]", False),
        ("local.none_of_this", None),
    ):
        block_of = 'resource "aws_thing" "last" {\n  size = local.sizes\n}\n'
        text = f"{block_of}locals {{\n  sizes = {written}\n}}\n"
        (tmp_path / "main.tf").write_text(text, encoding="utf-8")
        assert holds(with_source(given, of_folder(tmp_path))) is expected


def test_a_module_passes_on_what_its_output_is_made_of_and_nothing_else() -> None:
    inner = module(
        block("aws_thing", "first"),
        outputs={"made": refers("aws_thing.first.id", "aws_thing.first"), "given": refers("var.given")},
    )
    called = {"shop": call(inner, given=refers(OTHER))}
    inside = "module.shop.aws_thing.first"

    def after(*names: str) -> Plan:
        return planned(*things(size=refers(*names)), called=called, at="module.shop")

    assert holds(after("module.shop.made", "module.shop"), inside) is True
    assert holds(after("module.shop.given", "module.shop"), inside) is False
    assert holds(after("module.shop.given", "module.shop"), OTHER) is True
    assert holds(after("module.shop.made", "module.shop"), OTHER) is False
    assert holds(after("module.shop"), inside) is True
    assert holds(after("module.shop.unheard_of", "module.shop"), inside) is None


def test_a_module_that_is_waited_for_is_waited_for_as_a_whole() -> None:
    inner = module(block("aws_thing", "first"))
    last, first, other = things()
    last["depends_on"] = ["module.shop"]
    given = planned(last, first, other, called={"shop": call(inner)}, at="module.shop")
    assert holds(given, "module.shop.aws_thing.first") is True
    assert holds(given, FIRST) is False


def test_what_is_in_a_module_waits_for_what_its_call_waits_for() -> None:
    waiting = call(module(block("aws_thing", "first"))) | {"depends_on": [OTHER]}
    given = planned(*things(), called={"shop": waiting}, at="module.shop")
    inside, other = given.find("module.shop.aws_thing.first"), given.find(OTHER)
    assert inside is not None
    assert other is not None
    assert made_before(inside, given).holds(other, given) is True
