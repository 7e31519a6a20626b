"""What does the emulated account hold before Terraform comes? A file says so, or nothing.

The file is TOML, or JSON by its name, and is only data: each entry of `seed` is a network, a certificate
or a secret. They are made in the order in which they stand, in each region that Terraform asks about,
and get the same identifiers in every run.
"""

from ipaddress import IPv4Network, ip_network
from pathlib import Path
from typing import Annotated, Final

import msgspec

from planspec import toml
from planspec.errors import EmulatorError

MOST_ZONES: Final = 6
WIDEST, NARROWEST = 16, 28
Name = Annotated[str, msgspec.Meta(min_length=1, pattern=r"^\S+$")]
Subnets = Annotated[list[str], msgspec.Meta(min_length=1, max_length=MOST_ZONES)]


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """Something that exists; every key is known and has its type."""

    @property
    def title(self) -> str:
        """What it is and its name, as a message says it."""
        names = (getattr(self, each, "") for each in ("name", "domain"))
        return f"{self.__struct_config__.tag} {next(filter(None, names), '')}"


def _addresses(text: str) -> IPv4Network:
    """A range for a VPC or a subnet. Source: Amazon VPC User Guide, "VPC CIDR blocks"."""
    found = ip_network(text)
    if not isinstance(found, IPv4Network):
        raise ValueError(f"{text} is a range of IPv6; write one of IPv4")
    if not WIDEST <= found.prefixlen <= NARROWEST:
        raise ValueError(f"{text} has a prefix of {found.prefixlen}; AWS takes {WIDEST} to {NARROWEST}")
    return found


class Network(_Entry, frozen=True, tag="network"):
    """A VPC with a public and a private subnet for each zone, and a NAT gateway in the first public one.

    Subnets and route tables carry the tag `Tier`, and `Name` where the network has one.
    """

    name: Name
    cidr: str
    public: Subnets
    private: Subnets

    def __post_init__(self) -> None:
        """Refuse ranges that AWS refuses, and those outside the network; msgspec says where."""
        whole = _addresses(self.cidr)
        parts: list[IPv4Network] = []
        for each in (*self.public, *self.private):
            part = _addresses(each)
            if not part.subnet_of(whole):
                raise ValueError(f"{each} lies outside {self.cidr}")
            for other in parts:
                if part.overlaps(other):
                    raise ValueError(f"{each} overlaps {other}")
            parts.append(part)


class Certificate(_Entry, frozen=True, tag="certificate"):
    """An issued certificate of ACM for a domain."""

    domain: Name


class Secret(_Entry, frozen=True, tag="secret"):
    """A secret of the Secrets Manager; its value is for the emulator alone."""

    name: Name
    value: str
    description: str = ""


class Seed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that a seed file says, in its order."""

    seed: list[Network | Certificate | Secret] = []

    def __post_init__(self) -> None:
        """Refuse a second secret of a name."""
        names: dict[str, int] = {}
        for number, each in enumerate(self.seed):
            first = names.setdefault(each.name, number) if isinstance(each, Secret) else number
            if first != number:
                raise ValueError(f"{each.title} is also `$.seed[{first}]` - at `$.seed[{number}]`")


def read_seed(path: Path) -> Seed:
    """Read a seed file. Raises EmulatorError, which names the file and the key."""
    try:
        data = path.read_bytes()
        is_json = path.suffix.lower() == ".json"
        return msgspec.json.decode(data, type=Seed) if is_json else toml.decode(data, Seed)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise EmulatorError(f"{path}: {error}; see planspec plan --help") from error
    except OSError as error:
        raise EmulatorError(f"{path}: {error.strerror}; name a seed file with --seed") from error
