"""What of the catalogue is about our own service: the requirements that `policies/limits.toml` names.

The features may hold requirements for other estates, which golden plans prove. Whatever tells of our
service, such as a recorded report or a page, is made of those that have to apply to it.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from planspec import bundle
from planspec.evidence import Evidence, summarise
from planspec.policies import read_parameters

REQUIREMENTS = frozenset(read_parameters(bundle.POLICIES).applicable.scenarios or ())
Value = TypeVar("Value")
ENVIRONMENTS = bundle.ROOT / "terraform" / "environments"


def ours(by_number: Mapping[str, Value]) -> dict[str, Value]:
    """Keep what belongs to a requirement of our service."""
    return {number: value for number, value in by_number.items() if number in REQUIREMENTS}


def of_service(record: Evidence) -> Evidence:
    """Return the record without the scenarios that are for other estates."""
    scenarios = [each for each in record.scenarios if each.scenario in REQUIREMENTS]
    summary = summarise(scenarios, record.checkov, record.plan.blocking)
    return msgspec.structs.replace(record, scenarios=scenarios, summary=summary)


def policies_of(environment: str, folder: Path) -> Path:
    """Copy the policies, with the limits that this environment states of its own."""
    policies = folder / "policies"
    shutil.copytree(bundle.POLICIES, policies)
    own = ENVIRONMENTS / f"{environment}.limits.toml"
    if own.is_file():
        shutil.copy(own, policies / "limits.toml")
    return policies
