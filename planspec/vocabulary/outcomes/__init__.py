"""What can be asked of each subject, area by area. One entry for each pair of subject and words."""

from typing import Final

from planspec.vocabulary.model import Outcome
from planspec.vocabulary.outcomes import (
    availability,
    capacity,
    change,
    containers,
    cost,
    deployment,
    durability,
    encryption,
    exposure,
    identity,
    observability,
    secrets,
)

OUTCOMES: Final[tuple[Outcome, ...]] = (
    *availability.OUTCOMES,
    *capacity.OUTCOMES,
    *change.OUTCOMES,
    *containers.OUTCOMES,
    *cost.OUTCOMES,
    *deployment.OUTCOMES,
    *durability.OUTCOMES,
    *encryption.OUTCOMES,
    *exposure.OUTCOMES,
    *identity.OUTCOMES,
    *observability.OUTCOMES,
    *secrets.OUTCOMES,
)
