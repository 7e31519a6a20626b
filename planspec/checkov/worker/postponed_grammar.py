"""When is the grammar of HCL made? Not before a text is parsed, which hardly a plan asks for.

Checkov makes it as it is imported: for a second and more, or from a file that is unpickled out of the
folder for temporary files, where its name can be guessed. That folder is private here, so the file is
never there. Source: lark, `Lark(cache=True)`; python-hcl2 as Checkov has it, `hcl2.parser`.
"""

import contextlib
import importlib
from typing import Any

import lark


class _Postponed:
    """A grammar that is made when it is first asked for something."""

    def __init__(self, *parts: Any, **options: Any) -> None:
        self._asked = parts, options

    def __getattr__(self, name: str) -> Any:
        parts, options = self._asked
        made = lark.Lark(*parts, **options)
        self.__dict__.update(parse=made.parse)
        return getattr(made, name)


def postpone() -> None:
    """Import the parser of HCL without its grammar; an hcl2 of another shape is left as it is."""
    whole = lark.Lark
    lark.Lark = _Postponed
    try:
        with contextlib.suppress(Exception):
            importlib.import_module("hcl2.parser")
    finally:
        lark.Lark = whole
