"""Which numbers, lists, controls and waivers apply?"""

from datetime import date
from pathlib import Path

import pytest

from planspec import bundle
from planspec.errors import PolicyError
from planspec.finding import Finding, Judgement, Verdict
from planspec.policies import Waiver, read_controls, read_parameters, read_waivers, waive

PARAMETERS = (bundle.POLICIES / "parameters.toml").read_text(encoding="utf-8")
FIRST, LAST = date(2026, 1, 1), date(2026, 3, 1)


def waiver(requirement: str = "EXP-01", address: str = "aws_x.y") -> Waiver:
    """A waiver in force from FIRST to LAST."""
    return Waiver(requirement, address, "reason", "owner", "approver", FIRST, LAST)


def written(created: str = "2026-01-01", expires: str = "2026-03-01", more: str = "") -> str:
    """A waivers file with one waiver."""
    return (
        '[[waiver]]\nrequirement = "EXP-01"\naddress = "a.b"\nreason = "r"\nowner = "o"\n'
        f'approver = "p"\ncreated = {created}\nexpires = {expires}\n{more}\n'
    )


def policies(folder: Path, waivers: str = "", parameters: str = PARAMETERS) -> Path:
    """A folder of policies."""
    (folder / "parameters.toml").write_text(parameters, encoding="utf-8")
    if waivers:
        (folder / "waivers.toml").write_text(waivers, encoding="utf-8")
    return folder


def test_the_parameters_and_controls_that_come_along_are_read() -> None:
    assert read_parameters(bundle.POLICIES).waivers.longest_days >= 1
    assert read_controls(bundle.POLICIES)


def test_a_key_that_nobody_reads_is_an_error_with_file_and_key(tmp_path: Path) -> None:
    folder = policies(tmp_path, parameters=PARAMETERS + "\n[costs]\nlargest = 1\n")
    with pytest.raises(PolicyError, match=r"parameters\.toml: .*`costs`"):
        read_parameters(folder)


def test_a_key_that_nobody_reads_inside_a_table_is_an_error(tmp_path: Path) -> None:
    folder = policies(tmp_path, parameters=PARAMETERS.replace("[cost]", "[cost]\nlargst = 1"))
    with pytest.raises(PolicyError, match=r"`largst` - at `\$\.cost`"):
        read_parameters(folder)


@pytest.mark.parametrize(
    "content",
    [b"", b"[exposure]\n", b"= 1", b"\xff\xfe", b"a = 1\na = 2\n", PARAMETERS.encode() + b"\n[cost]\n"],
    ids=["empty", "incomplete", "no TOML", "no text", "key twice", "table twice"],
)
def test_parameters_that_cannot_be_read_are_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "parameters.toml").write_bytes(content)
    with pytest.raises(PolicyError, match=r"parameters\.toml: "):
        read_parameters(tmp_path)


def test_a_folder_without_parameters_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="--policies"):
        read_parameters(tmp_path)


def test_a_folder_without_waivers_has_none(tmp_path: Path) -> None:
    assert read_waivers(policies(tmp_path)) == ()


def test_waivers_are_read(tmp_path: Path) -> None:
    (found,) = read_waivers(policies(tmp_path, written(more='ticket = "T-1"')))
    assert (found.requirement, found.created, found.ticket) == ("EXP-01", FIRST, "T-1")


@pytest.mark.parametrize(
    ("waivers", "problem"),
    [
        pytest.param(written(more='adress = "x"'), "adress", id="misspelt key"),
        pytest.param(written().replace('"o"', '""'), "owner", id="nobody answers for it"),
        pytest.param(written().replace("owner", "#"), "owner", id="owner missing"),
        pytest.param(written(expires='"soon"'), "expires", id="no date"),
        pytest.param(written(expires="2025-12-31"), "lasts from", id="ends before it begins"),
        pytest.param(written(expires="2036-01-01"), "lasts from", id="too long"),
        pytest.param("[[waivers]]\n", "waivers", id="other table"),
    ],
)
def test_a_waiver_that_is_wrong_is_an_error(tmp_path: Path, waivers: str, problem: str) -> None:
    with pytest.raises(PolicyError, match=rf"waivers\.toml: .*{problem}"):
        read_waivers(policies(tmp_path, waivers))


def test_a_waiver_lasts_as_long_as_the_parameters_allow_and_no_day_longer(tmp_path: Path) -> None:
    short = PARAMETERS.replace(
        f"longest_days = {read_parameters(bundle.POLICIES).waivers.longest_days}", "longest_days = 59"
    )
    assert read_waivers(policies(tmp_path, written(), short))
    with pytest.raises(PolicyError, match="at most 59 days"):
        read_waivers(policies(tmp_path, written(expires="2026-03-02"), short))


@pytest.mark.parametrize(
    ("about", "asked", "covered"),
    [
        ("EXP-01", "EXP-01", True),
        ("EXP-01", "EXP-01.1", True),
        ("EXP-01", "EXP-01.12", True),
        ("EXP-01.1", "EXP-01.1", True),
        ("EXP-01.1", "EXP-01.12", False),
        ("EXP-01.1", "EXP-01", False),
        ("EXP-01", "EXP-011", False),
        ("EXP-0", "EXP-01", False),
        ("CKV_AWS_1", "CKV_AWS_16", False),
        ("EXP-0*", "EXP-01", False),
    ],
)
def test_a_waiver_is_about_a_requirement_or_one_of_its_scenarios(
    about: str, asked: str, *, covered: bool
) -> None:
    assert waiver(about).covers(asked, "aws_x.y") is covered


@pytest.mark.parametrize(
    ("pattern", "address", "covered"),
    [
        ("aws_x.y", "aws_x.y", True),
        ("aws_x.y", "aws_xzy", False),
        ("aws_x.y", "aws_x.y[0]", False),
        ("aws_x.y[0]", "aws_x.y[0]", True),
        ("aws_x.y[0]", "aws_x.y0", False),
        ('aws_x.y["a*"]', 'aws_x.y["a.b]"]', True),
        ('aws_x.y["[ab]"]', 'aws_x.y["a"]', False),
        ("module.*.aws_x.y", 'module.m["k"].module.n.aws_x.y', True),
        ("*", "aws_x.y\nz", True),
        ("aws_?.y", "aws_x.y", False),
        ("aws_x", "aws_x.y", False),
    ],
)
def test_only_a_star_in_an_address_stands_for_other_text(
    pattern: str, address: str, *, covered: bool
) -> None:
    assert waiver(address=pattern).covers("EXP-01", address) is covered


@pytest.mark.parametrize(
    ("today", "verdict"),
    [
        pytest.param(date(2025, 12, 31), Verdict.VIOLATED, id="the day before it begins"),
        pytest.param(FIRST, Verdict.WAIVED, id="its first day"),
        pytest.param(LAST, Verdict.WAIVED, id="its last day"),
        pytest.param(date(2026, 3, 2), Verdict.VIOLATED, id="the day after"),
    ],
)
def test_a_waiver_holds_from_its_first_day_to_its_last(today: date, verdict: Verdict) -> None:
    judged = Judgement(("aws_x.y",), (Finding("aws_x.y", Verdict.VIOLATED, "is", "be"),))
    waived, used = waive(judged, "EXP-01.1", [waiver()], today)
    assert waived.verdict is verdict
    assert bool(used) is (verdict is Verdict.WAIVED)


def test_a_waived_finding_keeps_its_text_and_the_others_their_verdict() -> None:
    findings = tuple(
        Finding(address, verdict, "is", "be")
        for address, verdict in (
            ("aws_x.y", Verdict.UNDETERMINED),
            ("aws_x.y", Verdict.VIOLATED),
            ("aws_x.z", Verdict.VIOLATED),
        )
    )
    waived, used = waive(Judgement(("aws_x.y", "aws_x.z"), findings), "EXP-01", [waiver()], FIRST)
    assert [each.verdict for each in waived.findings] == [
        Verdict.WAIVED,
        Verdict.WAIVED,
        Verdict.VIOLATED,
    ]
    assert [str(each) for each in waived.findings] == [str(each) for each in findings]
    assert used == (waiver(),)


def test_a_waiver_in_force_is_found_behind_one_that_is_expired() -> None:
    old = Waiver("EXP-01", "*", "r", "o", "a", date(2025, 1, 1), date(2025, 2, 1))
    judged = Judgement(("aws_x.y",), (Finding("aws_x.y", Verdict.VIOLATED, "is", "be"),))
    assert waive(judged, "EXP-01", [old, waiver()], FIRST)[1] == (waiver(),)


@pytest.mark.parametrize(
    ("owner", "approver"),
    [
        ("ann", "ann"),
        ("ann", "Ann "),
        ("@platform", "platform"),
        ("ann b", "ann\u200b  B"),
        ("ﬁn", "fin"),
    ],
)
def test_the_owner_of_a_waiver_does_not_approve_it(tmp_path: Path, owner: str, approver: str) -> None:
    text = written().replace('"o"', f'"{owner}"').replace('"p"', f'"{approver}"')
    with pytest.raises(PolicyError, match="is owner and approver; another person has to approve it"):
        read_waivers(policies(tmp_path, text))
    relaxed = PARAMETERS.replace("owner_may_approve = false", "owner_may_approve = true")
    assert len(read_waivers(policies(tmp_path, text, relaxed))) == 1


@pytest.mark.parametrize(
    ("address", "any_address"),
    [
        ("*", True),
        ("**", True),
        ("*.*", True),
        ('*["*"]', True),
        ("aws_*", True),
        ("a*", True),
        ("aws_db_instance.*", False),
        ("*.main", False),
        ("module.network.*", False),
        ("aws_db_instance.main", False),
    ],
)
def test_a_waiver_for_any_address_is_told_from_one_that_names_some(
    address: str, *, any_address: bool
) -> None:
    assert waiver(address=address).for_any_address is any_address
