"""Settings of the whole test run; steps and plans do not belong here."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from planspec import checkov as scanner

# What Checkov has answered before, in the user's own cache, must not answer for it in a test.
os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="planspec-tests-")
atexit.register(shutil.rmtree, os.environ["XDG_CACHE_HOME"], ignore_errors=True)

# "desk" is short; "ci" tries more, always the same examples, and never fails for being slow.
# planspec runs only a Checkov that somebody named; make does so too. Set-up puts it there.
_SET_UP = Path(__file__).parents[1] / ".venv-checkov" / "bin" / "checkov"
if _SET_UP.is_file():
    os.environ.setdefault(scanner.ENVIRONMENT_VARIABLE, str(_SET_UP))

settings.register_profile("desk", max_examples=25, deadline=None)
settings.register_profile(
    "ci",
    max_examples=100,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(
    os.environ.get("PLANSPEC_HYPOTHESIS_PROFILE") or ("ci" if "CI" in os.environ else "desk")
)


@pytest.fixture(scope="session")
def checkov() -> Path:
    """The real Checkov; set-up installs it, so that its absence is a failure and no skip."""
    found = scanner.find_checkov()
    assert found is not None, "Next: make .venv-checkov/.locked"
    return found
