"""Phrases of version 0.1.0, and what each is called now; they are understood for one version more.

Blanks in angle brackets are carried over. Which new When an old one is may depend on its outcomes.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_LISTED: Final[Mapping[str, Mapping[str, str]]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
GIVENS: Final = _LISTED["givens"]
WHENS: Final = _LISTED["whens"]
THENS: Final = _LISTED["thens"]
NEEDS: Final = _LISTED["needs"]
"""Outcomes that judged more, or something else, than the usual new form of the When before them."""
