"""Where are the requirements: inside the wheel, or in a checkout of this repository?

The wheel carries `features/`, `policies/` and `steps/` as data in `planspec/_bundle`; a checkout
has them at its top. No other module knows that there are two homes.
"""

from pathlib import Path

_INSTALLED = Path(__file__).with_name("_bundle")

ROOT = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).parents[1]
"""The folder that holds the three."""

FEATURES = ROOT / "features"
"""What is required, in words."""

POLICIES = ROOT / "policies"
"""The numbers, lists and controls that apply. A wheel carries no waivers."""

STEPS = ROOT / "steps"
"""How the words reach the engine; loaded by path, never imported as `steps`."""
