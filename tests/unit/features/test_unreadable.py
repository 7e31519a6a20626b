"""Is a file that Gherkin cannot read refused in words that say what to write?"""

from pathlib import Path

import pytest

from planspec.features import inspect

WHOLE = """Feature: F
  Scenario: S
    Given the Terraform plan
    When we examine every planned S3 bucket
    Then versioning must be enabled
"""

FILES = {
    "# planspec\n\nPolicy as code.\n\n```gherkin\nFeature: F\n```\n": (
        3,
        "begins no feature: write `Feature",
    ),
    '{"format_version": "1.2"}': (1, "is JSON and no feature; a plan is named without --features"),
    "[a]\nb = 1\n": (1, '"[a]" begins no feature'),
    WHOLE.replace("Feature: F\n", ""): (1, '"Scenario: S" begins no feature'),
    f"# language: dee\n{WHOLE}": (1, 'write one such as "de"'),
    f"{WHOLE}\nFeature: G\n": (7, "a file holds one feature"),
    f"{WHOLE}\n  Background:\n    Given the Terraform plan\n": (7, "there is one background"),
    f"{WHOLE}\nMore about it.\n": (7, "a description is right below its title"),
    f"{WHOLE}    #language: de\n  Szenario: T\n": (7, '"Szenario: T" is not a step, title, tag or row'),
    f"{WHOLE}\n  @soft\n\n": (7, 'nothing is below the tags "@soft"'),
    f'{WHOLE}    """\n    x\n': (7, 'the file ends inside a text: close it with """'),
    f"{WHOLE}    And\u00a0ACLs must be disabled\n": (
        6,
        'the sign after "And" only looks like',
    ),
    f"{WHOLE}    And\tACLs must be disabled\n": (6, 'the sign after "And" only looks like'),
    f"{WHOLE}    Examples:\n      | a | b |\n      | 1 |\n": (8, "inconsistent cell count"),
    f"{WHOLE}  @a b\n  Scenario: T\n": (6, "A tag may not contain whitespace"),
}


@pytest.mark.parametrize(("text", "line", "told"), [(text, *right) for text, right in FILES.items()])
def test_the_first_thing_that_is_not_gherkin_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, told: str
) -> None:
    file = tmp_path / "own.feature"
    file.write_text(text, encoding="utf-8")
    found, (trap,) = inspect(file, {})
    assert (found, trap.rule, trap.line) == ((), "not-gherkin", line)
    assert told in trap.text
    assert "expected: #" not in trap.text


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (WHOLE.encode("utf-16"), "is UTF-16: save it as UTF-8"),
        (WHOLE.encode("utf-16-le"), ""),
        (WHOLE.encode() + b"\n\xff", "is not text in UTF-8"),
    ],
    ids=["utf-16", "without a mark", "latin"],
)
def test_a_file_in_another_encoding_is_refused(tmp_path: Path, held: bytes, told: str) -> None:
    file = tmp_path / "own.feature"
    file.write_bytes(held)
    found, traps = inspect(file, {})
    assert not found
    assert told in traps[0].text


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_other_ends_of_lines_and_a_byte_order_mark_are_read(tmp_path: Path, ending: str) -> None:
    file = tmp_path / "own.feature"
    file.write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", ending).encode())
    (scenario,), traps = inspect(file, {})
    assert not traps
    assert [each.line for each in scenario.steps] == [3, 4, 5]
