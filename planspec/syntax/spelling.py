"""Which known name was probably meant by one that nothing knows?"""

from collections.abc import Collection, Iterable
from difflib import SequenceMatcher, get_close_matches
from typing import Final

SHORT: Final = 4
LARGEST_SLIP = 2
DID_YOU_MEAN: Final = "did you mean"
# Initials of which the name begins with a vowel: an ECS service, an S3 bucket.
_SPOKEN_WITH_VOWEL: Final = "EFHLMNRSXAIO"


def near_name(name: str, known: Collection[str]) -> str | None:
    """The known name that was probably meant."""
    found = get_close_matches(name, known, 1, 0.75 if len(name) > SHORT else 0.6)
    return found[0] if found else next((each for each in known if each.lower() == name.lower()), None)


def did_you_mean(name: str, known: Collection[str]) -> str:
    """A question to put after a message; "" where nothing is near."""
    near = near_name(name, known)
    return f'; {DID_YOU_MEAN} "{near}"?' if near else ""


def with_article(noun: str) -> str:
    """A noun after "a" or "an", as it is spoken: an ECS service, an aws_vpc, a KMS key."""
    spelt = noun[:1] in _SPOKEN_WITH_VOWEL and (noun[1:2].isupper() or noun[1:2].isdigit())
    return f"an {noun}" if spelt or noun[:1].lower() in "aeio" else f"a {noun}"


def near_key(asked: str | int | None, keys: Iterable[str]) -> str | None:
    """The key of which the asked one is a slip: at most two letters more, less or other."""
    if not isinstance(asked, str):
        return None
    for key in keys:
        if abs(len(asked) - len(key)) > LARGEST_SLIP:
            continue  # So many letters are more or less; to match the others takes long.
        blocks = SequenceMatcher(None, asked, key, autojunk=False).get_matching_blocks()
        shared = sum(block.size for block in blocks)
        if shared > 2 and len(asked) + len(key) - 2 * shared <= LARGEST_SLIP:
            return key
    return None
