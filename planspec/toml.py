"""How is a TOML file read that anybody may have written? Bounded, and with one kind of error.

Python's reader takes time by the square of the parts of a dotted key, and a call for each level of an
array. Source: Python, `tomllib`.
"""

import re
from typing import Any, Final, TypeVar

import msgspec

LARGEST_BYTES: Final = 8 * 1024**2
DEEPEST: Final = 64
_PART: Final = rb"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*"""
_DEEP_KEY: Final = re.compile(rb"^[ \t\[{]*(?:%b\.[ \t]*){%d}" % (_PART, DEEPEST), re.MULTILINE)
_DEEP_KEY_INSIDE: Final = re.compile(rb"[{,][ \t]*(?:%b\.[ \t]*){%d}" % (_PART, DEEPEST))
Contents = TypeVar("Contents")


def decode(data: bytes, kind: type[Contents]) -> Contents:
    """Return what a file states. Raises msgspec.DecodeError, also for what is too large or too deep."""
    if len(data) > LARGEST_BYTES:
        raise msgspec.DecodeError(f"larger than {LARGEST_BYTES} bytes")
    if _DEEP_KEY.search(data) or _DEEP_KEY_INSIDE.search(data):
        raise msgspec.DecodeError(f"a key of more than {DEEPEST} parts")
    try:
        return msgspec.toml.decode(data, type=kind)
    except RecursionError as error:
        raise msgspec.DecodeError("nested too deeply") from error
    except UnicodeDecodeError as error:
        raise msgspec.DecodeError(f"not UTF-8 at byte {error.start}") from error
    except msgspec.DecodeError:
        raise
    except ValueError as error:  # such as a number of thousands of digits
        raise msgspec.DecodeError(str(error)) from error


def table(data: bytes) -> dict[str, Any]:
    """Return a file as it stands. Raises msgspec.DecodeError."""
    return decode(data, dict[str, Any])
