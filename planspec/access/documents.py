"""What does the JSON of a policy say, read as AWS reads it?"""

import json
from collections.abc import Sequence
from typing import Any


def read_document(data: bytes) -> Any:
    """Return what JSON says. Raises ValueError, also for two members of one name.

    AWS and a reader could take another one of the two each.
    """
    return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_unique)


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f'"{name}" is there twice')
    return dict(pairs)
