"""Settings of the whole test run; steps and plans do not belong here."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings

from planspec import checkov as scanner
from planspec.scratch import private_folder
from tests.support import postgres

TESTS = Path(__file__).parent

# What Checkov has answered before, in the user's own cache, must not answer for it in a test.
_open = contextlib.ExitStack()
os.environ["XDG_CACHE_HOME"] = str(_open.enter_context(private_folder()))

# planspec runs only a Checkov that somebody named; make does so too. Set-up puts it there.
_SET_UP = TESTS.parent / ".venv-checkov" / "bin" / "checkov"
if _SET_UP.is_file():
    os.environ.setdefault(scanner.ENVIRONMENT_VARIABLE, str(_SET_UP))

# "desk" is short; "ci" tries more, always the same examples, and never fails for being slow.
settings.register_profile("desk", max_examples=25, deadline=None)
settings.register_profile(
    "ci",
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(
    os.environ.get("PLANSPEC_HYPOTHESIS_PROFILE") or ("ci" if "CI" in os.environ else "desk")
)


# Programs from outside, by the fixtures that ask for them. `make quick` does without their tests.
OUTSIDE = frozenset({"terraform", "checkov", "shared", "postgresql"})
# Rooms that take long; `make quick` has the units, the golden plans, the conformance rows and the pages.
LONG_ROOMS = frozenset({"heavy", "laws", "service"})
# What takes long, the longest first: on several cores that comes first.
LONG = (
    "test_deployments",
    "test_upgrade",
    "test_variables",
    "test_reverts",
    "test_terraform",
    "test_cli_plan",
    "test_presence",
    "test_verify",
    "test_laws_of_plans",
    "test_mutation",
    "test_hostile_folder",
    "test_limits",
    "test_alongside",
    "test_cli",
    "test_saved_plans",
    "test_completion",
    "test_coverage",
    "test_progress",
    "test_laws_of_presence",
    "test_laws",
    "test_secrets_everywhere",
    "test_lint",
    "test_laws_of_requirements",
    "test_service_pages",
    "test_secrets",
    "test_outputs",
    "test_action",
    "test_page",
    "test_backtest",
    "test_open_door",
    "test_names",
    "test_waivers",
    "test_pairing",
    "test_names_in_code",
    "test_source_files",
    "test_aliases",
    "test_formats",
    "test_evidence",
    "test_cookbook",
    "test_engine_page",
    "test_own_steps",
)


def pytest_unconfigure() -> None:
    """Leave nothing behind; a worker of xdist ends without what `atexit` is asked for."""
    _open.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs a program from outside or takes long, and begin with the longest on many cores."""
    for item in items:
        room = item.path.relative_to(TESTS).parts[0]
        if not OUTSIDE.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker("outside")
        if room in LONG_ROOMS or item.path.stem in LONG:
            item.add_marker("long")
        if room == "heavy":
            item.add_marker("heavy")
        if item.get_closest_marker("heavy"):
            item.add_marker("long")
    if hasattr(config, "workerinput"):
        place = {name: number for number, name in enumerate(LONG)}
        items.sort(key=lambda item: place.get(item.path.stem, len(place)))


def missing(what: str, required: str) -> NoReturn:
    """Skip a test for want of a program, or fail it where the variable requires the program."""
    (pytest.fail if os.environ.get(required) == "1" else pytest.skip)(what)


@pytest.fixture(autouse=True)
def unchanged_environment() -> Iterator[None]:
    """Whoever leaves a variable behind changes every later test of the same process."""
    before = {**os.environ}
    yield
    after = {**os.environ}
    for each in (before, after):
        each.pop("PYTEST_CURRENT_TEST", None)
    assert after == before


@pytest.fixture(scope="session")
def terraform() -> Path:
    """The real Terraform."""
    found = shutil.which("terraform")
    if found is None:
        missing("terraform: not found on PATH", "PLANSPEC_REQUIRE_TERRAFORM")
    return Path(found)


@pytest.fixture(scope="session")
def postgresql() -> Path:
    """The folder with the programs of a real PostgreSQL."""
    found = postgres.binaries()
    if found is None:
        missing("PostgreSQL: not found; apt-get install postgresql", "PLANSPEC_REQUIRE_POSTGRES")
    return found


@pytest.fixture(scope="session")
def checkov() -> Path:
    """The real Checkov; set-up installs it, so that its absence is a failure and no skip."""
    found = scanner.find_checkov()
    assert found is not None, "Next: make .venv-checkov/.locked"
    return found
