"""A real Chromium for the tests of the page; where there is none, they say so and skip.

Debian: `apt-get install chromium chromium-driver`. With PLANSPEC_REQUIRE_CHROMIUM=1, as in CI, a missing
one is a failure.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
AXE = files("axe_playwright_python") / "axe.min.js"
SECONDS = 60.0

Browser = webdriver.Chrome


def programs() -> tuple[str, str]:
    """The browser and its driver; without them the test that asks is skipped, or fails in CI."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if browser and driver:
        return browser, driver
    missing = "chromium and chromedriver: not found on PATH; apt-get install chromium chromium-driver"
    if os.environ.get("PLANSPEC_REQUIRE_CHROMIUM") == "1":
        pytest.fail(missing)
    pytest.skip(missing)


@contextmanager
def chromium(width: int = 1280, height: int = 900) -> Iterator[Browser]:
    """A headless Chromium that may reach nothing but files, and that notes every request."""
    browser, driver = programs()
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for switch in (
        "--headless=new",
        "--no-sandbox",  # root in a container has no other way
        "--disable-gpu",
        "--disable-dev-shm-usage",
        f"--window-size={width},{height}",
    ):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    started = webdriver.Chrome(options=options, service=Service(driver))
    try:
        yield started
    finally:
        started.quit()


def show(browser: Browser, page: Path, fragment: str = "", *, script: bool = True) -> None:
    """Open the page, with its script or without, and wait until it has unpacked its record."""
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not script})
    browser.get("about:blank")
    browser.get(f"{page.as_uri()}{fragment}")
    if script:
        WebDriverWait(browser, SECONDS).until(
            lambda each: each.execute_script("return document.documentElement.dataset.ready") == "true"
        )


def emulate(browser: Browser, *, media: str = "screen", scheme: str = "light") -> None:
    """Take the page as a printer would, or as somebody with a dark desktop."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})


def narrow(browser: Browser, width: int = 380) -> None:
    """Take the page as a telephone would."""
    screen = {"width": width, "height": 800, "deviceScaleFactor": 2, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)


def ask(browser: Browser, expression: str, *arguments: Any) -> Any:
    """The value of a JavaScript expression in the page."""
    return browser.execute_script(f"return {expression}", *arguments)


def noted(browser: Browser, kind: str) -> list[dict[str, Any]]:
    """What the browser wrote into one of its logs since the last call."""
    untyped: Any = browser
    entries: list[dict[str, Any]] = untyped.get_log(kind)
    return entries


def requests(browser: Browser) -> list[str]:
    """Every address that the browser asked for since the last call."""
    entries = [json.loads(each["message"])["message"] for each in noted(browser, "performance")]
    return [
        each["params"]["request"]["url"]
        for each in entries
        if each["method"] == "Network.requestWillBeSent"
    ]


def violations(browser: Browser) -> list[str]:
    """What axe finds that somebody could not use: the rule, and the first places."""
    browser.execute_script(AXE.read_text(encoding="utf-8"))
    browser.set_script_timeout(SECONDS)
    found = browser.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run(document, { resultTypes: ['violations'] }).then(each => done(each.violations))"
    )
    return [f"{each['id']}: {[node['html'][:160] for node in each['nodes'][:3]]}" for each in found]
