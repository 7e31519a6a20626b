"""Can a person use the HTML report? In a real Chromium, up to ten thousand resources."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from planspec.evidence import Evidence
from tests.support import plans
from tests.support.browser import (
    Browser,
    ask,
    chromium,
    emulate,
    narrow,
    noted,
    requests,
    show,
    violations,
)
from tests.unit.reports.test_page import HOSTILE, INHERITED, hostile_record, judged, page, planned

MANY = 10_000
# Opens what there is one of, and of scenarios and resources a few of each verdict: axe takes a
# minute for all of them, and they are all written by the same few lines.
SAMPLE = """
document.querySelector('.meaning').open = true;
for (const kind of ['.scenario', '.resource'])
  for (const verdict of ['violated', 'undetermined', 'waived', 'not-applicable', 'satisfied'])
    [...document.querySelectorAll(`${kind}:has(> summary > .icon.${verdict})`)].slice(0, 2)
      .forEach(each => { each.open = true });
"""
SHOWN = "[...document.querySelectorAll('.scenario:not([hidden])')]"


@pytest.fixture(scope="module")
def shared() -> Iterator[Browser]:
    """One browser for the whole module: starting it is what takes the time."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def browser(shared: Browser) -> Browser:
    """The browser as a desk has it: light, wide, on a screen."""
    emulate(shared)
    shared.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    noted(shared, "browser")
    requests(shared)
    return shared


@pytest.fixture(scope="module")
def record() -> Evidence:
    """The record of the service as it was handed over."""
    return judged(INHERITED)


@pytest.fixture(scope="module")
def inherited(record: Evidence, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its page."""
    return written(record, tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of ten thousand log groups, of which every second is violated."""
    groups = [
        plans.resource(
            "aws_cloudwatch_log_group",
            "all",
            index=f"group {number}",
            retention_in_days=0 if number % 2 else 30,
        )
        for number in range(MANY)
    ]
    folder = tmp_path_factory.mktemp("many")
    return written(judged(planned(folder, *groups)), folder)


def written(record: Evidence, folder: Path) -> Path:
    """The page of a record, as a file."""
    path = folder / "report.html"
    path.write_text(page(record), encoding="utf-8")
    return path


def complaints(browser: Browser) -> list[str]:
    """What the browser has to say: errors of the script, refusals of the page's own policy."""
    return [str(each["message"]) for each in noted(browser, "browser")]


def test_the_page_asks_for_no_other_file(browser: Browser, inherited: Path) -> None:
    show(browser, inherited)
    asked = [each for each in requests(browser) if not each.startswith(("data:font/", "about:"))]
    assert asked == [inherited.as_uri()]
    assert complaints(browser) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 380])
def test_axe_finds_nothing(browser: Browser, inherited: Path, scheme: str, width: int) -> None:
    emulate(browser, scheme=scheme)
    if width < 1000:
        narrow(browser, width)
    show(browser, inherited)
    browser.execute_script(SAMPLE)
    assert violations(browser) == []


def test_nothing_is_wider_than_a_telephone(browser: Browser, inherited: Path) -> None:
    narrow(browser)
    show(browser, inherited)
    browser.execute_script("for (const each of document.querySelectorAll('details')) each.open = true")
    assert ask(browser, "document.documentElement.scrollWidth") <= 380


def test_no_two_elements_have_one_name(browser: Browser, inherited: Path) -> None:
    show(browser, inherited)
    names = ask(browser, "[...document.querySelectorAll('[id]')].map(each => each.id)")
    assert len(names) == len(set(names))


@pytest.mark.parametrize("place", ["EXP-01.1", "aws_db_instance.main"])
def test_a_link_leads_to_a_scenario_or_a_resource(browser: Browser, inherited: Path, place: str) -> None:
    show(browser, inherited, f"#{place}")
    assert ask(browser, "document.getElementById(arguments[0]).open", place)
    top = ask(browser, "document.getElementById(arguments[0]).getBoundingClientRect().top", place)
    assert 0 <= top < 400
    assert ask(browser, "document.activeElement.parentElement.id") == place


def test_a_link_leads_to_a_control(browser: Browser, inherited: Path) -> None:
    show(browser, inherited, "#nist:SC-7")
    top = ask(browser, "document.getElementById('nist:SC-7').getBoundingClientRect().top")
    assert 0 <= top < 400


def test_the_state_of_the_filter_stands_in_the_address(
    browser: Browser, inherited: Path, record: Evidence
) -> None:
    show(browser, inherited)
    browser.find_element(By.CSS_SELECTOR, "[data-verdict=undetermined].toggle").click()
    browser.find_element(By.ID, "severity").send_keys("high")
    expected = [
        each.scenario
        for each in record.scenarios
        if each.verdict == "undetermined" and each.severity == "high"
    ]
    assert sorted(ask(browser, f"{SHOWN}.map(each => each.id)")) == sorted(expected)
    fragment = ask(browser, "location.hash")
    assert fragment == "#?verdict=undetermined&severity=high"
    show(browser, inherited, fragment)
    assert sorted(ask(browser, f"{SHOWN}.map(each => each.id)")) == sorted(expected)
    assert f"{len(expected)} of {len(record.scenarios)}" in browser.find_element(By.ID, "shown").text
    browser.find_element(By.ID, "clear").click()
    assert ask(browser, f"{SHOWN}.length") == len(record.scenarios)


def test_the_search_finds_scenarios_by_what_they_examined(
    browser: Browser, inherited: Path, record: Evidence
) -> None:
    show(browser, inherited, "#?q=aws_ecr_repository.api")
    expected = [each.scenario for each in record.scenarios if "aws_ecr_repository.api" in each.examined]
    assert expected
    assert set(ask(browser, f"{SHOWN}.map(each => each.id)")) >= set(expected)
    assert ask(browser, "document.getElementById('aws_ecr_repository.api') !== null")
    show(browser, inherited, "#?q=nowhere-to-be-found")
    assert browser.find_element(By.ID, "nothing").is_displayed()
    assert browser.find_element(By.ID, "no-resource").is_displayed()


def test_a_link_to_what_the_filter_hides_shows_it(browser: Browser, inherited: Path) -> None:
    show(browser, inherited, "#?verdict=satisfied")
    browser.execute_script("location.hash = '#EXP-01.1'")
    assert browser.find_element(By.ID, "EXP-01.1").is_displayed()


def test_the_keyboard_is_enough(browser: Browser, inherited: Path) -> None:
    show(browser, inherited)
    body = browser.find_element(By.TAG_NAME, "body")
    body.send_keys(Keys.TAB)
    assert ask(browser, "document.activeElement.className") == "skip"
    browser.switch_to.active_element.send_keys("/")
    assert ask(browser, "document.activeElement.id") == "query"
    browser.switch_to.active_element.send_keys("EXP-01.1")
    show(browser, inherited, "#?q=EXP-01.1")
    summary = browser.find_element(By.CSS_SELECTOR, "[id='EXP-01.1'] > summary")
    summary.send_keys(Keys.ENTER)
    assert ask(browser, "document.getElementById('EXP-01.1').open")


def test_the_theme_can_be_chosen_and_is_kept(browser: Browser, inherited: Path) -> None:
    show(browser, inherited)
    ground = "getComputedStyle(document.body).backgroundColor"
    light = ask(browser, ground)
    button = browser.find_element(By.ID, "theme")
    button.click()
    assert ask(browser, ground) == light
    button.click()
    assert ask(browser, ground) != light
    show(browser, inherited)
    assert ask(browser, ground) != light
    browser.find_element(By.ID, "theme").click()


def test_without_its_script_the_page_reads_as_well(
    browser: Browser, inherited: Path, record: Evidence
) -> None:
    show(browser, inherited, script=False)
    assert not browser.find_element(By.ID, "filter").is_displayed()
    assert len(browser.find_elements(By.CSS_SELECTOR, ".scenario")) == len(record.scenarios)
    scenario = browser.find_element(By.ID, "EXP-01.1")
    scenario.find_element(By.TAG_NAME, "summary").click()
    assert "RDS DB instances and other AWS databases should not be publicly accessible" in scenario.text
    assert "publicly_accessible" in scenario.text
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_print_shows_what_is_folded_and_no_controls(browser: Browser, inherited: Path) -> None:
    show(browser, inherited)
    emulate(browser, media="print", scheme="dark")
    heights = ask(
        browser, "[...document.querySelectorAll('.scenario .body')].map(each => each.offsetHeight)"
    )
    assert heights
    assert min(heights) > 0
    for hidden in ("#filter", ".side", "#theme"):
        assert not browser.find_element(By.CSS_SELECTOR, hidden).is_displayed()
    assert ask(browser, "getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_hostile_words_do_nothing(browser: Browser, tmp_path: Path) -> None:
    path = written(hostile_record(), tmp_path)
    show(browser, path, "#?q=owned")
    browser.execute_script("for (const each of document.querySelectorAll('details')) each.open = true")
    assert ask(browser, "window.owned === undefined")
    assert HOSTILE in ask(browser, "document.querySelector('#resource-list .address').textContent")
    assert ask(browser, "document.querySelectorAll('main img').length") == 0
    assert complaints(browser) == []


def test_rows_that_the_script_makes_are_those_of_the_page(browser: Browser, inherited: Path) -> None:
    opened = "for (const each of document.querySelectorAll('.resource')) each.open = true"
    rows = (
        "[...document.querySelectorAll('.resource')].map(each => each.textContent.replace(/\\s+/g, ''))"
    )
    show(browser, inherited)
    before = ask(browser, rows)
    show(browser, inherited, "#?q=aws_")
    browser.execute_script(opened)
    browser.execute_async_script("setTimeout(arguments[0], 300)")
    after = ask(browser, rows)
    assert len(after) >= 18
    assert set(after) <= set(before)


def test_ten_thousand_resources_stay_usable(browser: Browser, many: Path) -> None:
    assert many.stat().st_size < 2_500_000
    show(browser, many)
    assert ask(browser, "document.querySelectorAll('*').length") < 30_000
    assert ask(browser, "performance.now()") < 20_000
    before = ask(browser, "document.querySelector('#resource-list').childElementCount")
    browser.execute_script("document.querySelector('#resource-list + [data-more] button').click()")
    assert ask(browser, "document.querySelector('#resource-list').childElementCount") == before + 100


def test_a_resource_that_the_page_does_not_show_at_first_is_found(browser: Browser, many: Path) -> None:
    address = 'aws_cloudwatch_log_group.all["group 9998"]'
    show(browser, many)
    assert ask(browser, "document.getElementById(arguments[0]) === null", address)
    show(browser, many, "#aws_cloudwatch_log_group.all[%22group%209998%22]")
    assert ask(browser, "document.getElementById(arguments[0]).open", address)
    show(browser, many, "#?q=9998")
    assert ask(browser, "document.querySelector('#resource-list').childElementCount") == 1
    assert violations(browser) == []


def test_the_findings_that_the_page_does_not_show_at_first_come_on_demand(
    browser: Browser, many: Path
) -> None:
    show(browser, many)
    count = "document.querySelectorAll('.scenario[open] [data-list=findings] > li').length"
    browser.execute_script("document.querySelector('.scenario.violated').open = true")
    browser.execute_async_script("setTimeout(arguments[0], 300)")
    before = ask(browser, count)
    browser.execute_script("document.querySelector('.scenario[open] [data-more] button').click()")
    assert ask(browser, count) == before + 100
    assert complaints(browser) == []
