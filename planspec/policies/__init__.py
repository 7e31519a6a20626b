"""Which parameters, controls and waivers apply."""

from planspec.policies.baseline import (
    Baseline,
    Known,
    KnownFinding,
    encode_baseline,
    known,
    read_baseline,
)
from planspec.policies.catalogue import (
    Capacity,
    Exposure,
    Framework,
    Guards,
    Identity,
    Observability,
    Parameters,
    Policies,
    Secrets,
    Upgrades,
    Withdrawn,
    read_controls,
    read_parameters,
    read_policies,
    read_waivers,
)
from planspec.policies.data_types import Classified, DataTypes, Kind, read_data_types
from planspec.policies.limits import FILE as LIMITS
from planspec.policies.limits import Cost, Need, unstated
from planspec.policies.needs import read_need
from planspec.policies.optional import is_stated
from planspec.policies.waivers import COVERS, Standing, Waiver, applied, waive

__all__ = [
    "COVERS",
    "LIMITS",
    "Baseline",
    "Capacity",
    "Classified",
    "Cost",
    "DataTypes",
    "Exposure",
    "Framework",
    "Guards",
    "Identity",
    "Kind",
    "Known",
    "KnownFinding",
    "Need",
    "Observability",
    "Parameters",
    "Policies",
    "Secrets",
    "Standing",
    "Upgrades",
    "Waiver",
    "Withdrawn",
    "applied",
    "encode_baseline",
    "is_stated",
    "known",
    "read_baseline",
    "read_controls",
    "read_data_types",
    "read_need",
    "read_parameters",
    "read_policies",
    "read_waivers",
    "unstated",
    "waive",
]
