"""What does the emulated account hold before Terraform comes? A file says so, or nothing.

The file is TOML, or JSON by its name, and is only data: each entry of `seed` is a network, a certificate
or a secret. They are made in the order in which they stand, and get the same identifiers in every run.
"""

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

import msgspec

from planspec.errors import EmulatorError

ZONES = "abcdef"
Name = Annotated[str, msgspec.Meta(min_length=1, pattern=r"^\S+$")]
Subnets = Annotated[list[str], msgspec.Meta(min_length=1, max_length=len(ZONES))]


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """Something that exists; every key is known and has its type."""


class Network(_Entry, frozen=True, tag="network"):
    """A VPC with a public and a private subnet for each zone, and a NAT gateway in the first public one.

    Subnets and route tables carry the tag `Tier`, and `Name` where the network has one.
    """

    name: Name
    cidr: str
    public: Subnets
    private: Subnets

    def __post_init__(self) -> None:
        """Refuse what is no range of addresses, or lies outside the network; msgspec says where."""
        whole = ip_network(self.cidr)
        for each in (*self.public, *self.private):
            part = ip_network(each)
            if part.version != whole.version or not part.subnet_of(whole):  # type: ignore[arg-type]
                raise ValueError(f"{each} lies outside {self.cidr}")


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


def read_seed(path: Path) -> Seed:
    """Read a seed file. Raises EmulatorError, which names the file and the key."""
    decode = msgspec.json.decode if path.suffix == ".json" else msgspec.toml.decode
    try:
        return decode(path.read_bytes(), type=Seed)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise EmulatorError(f"{path}: {error}; see planspec plan --help") from error
    except OSError as error:
        raise EmulatorError(f"{path}: {error.strerror}; name a seed file with --seed") from error
