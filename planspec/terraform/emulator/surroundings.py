"""What moto's account has before Terraform comes: what a seed file names, or a network without a name.

Everything made here has the same identifiers in every run, because moto draws them from a fixed seed.
"""

from collections.abc import Sequence
from typing import Any

from moto.acm.models import CertBundle
from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_api._internal import mock_random

from planspec.terraform.emulator.seed import Certificate, Network, Secret, Seed

_DRAWN_FROM = 20260101
_CERTIFICATE = b"-----BEGIN CERTIFICATE-----\nemulated\n-----END CERTIFICATE-----"
# Behind the subnets that AWS itself makes in a default VPC, 172.31.0.0/20 and on.
_PRIVATE = ("172.31.128.0/20", "172.31.144.0/20", "172.31.160.0/20")


def seed(region: str, wanted: Seed | None = None) -> None:
    """Make what exists; without a seed, the default VPC with private subnets, and nothing else."""
    mock_random.seed(_DRAWN_FROM)
    _make(region, wanted)


def seed_beside(region: str, wanted: Seed | None = None) -> None:
    """Make the same in one more region, without a change to what is drawn in the others."""
    before = mock_random.getstate()
    mock_random.seed(f"{_DRAWN_FROM} {region}")
    try:
        _make(region, wanted)
    finally:
        mock_random.setstate(before)


def _make(region: str, wanted: Seed | None) -> None:
    if wanted is None:
        _extend_default_network(get_backend("ec2")[DEFAULT_ACCOUNT_ID][region])
        return
    for number, each in enumerate(wanted.seed):
        try:
            _make_entry(region, each)
        except Exception as error:
            raise ValueError(f"{each.title} (`$.seed[{number}]`): {error}") from error


def _make_entry(region: str, entry: Network | Certificate | Secret) -> None:
    match entry:
        case Network():
            _make_network(get_backend("ec2")[DEFAULT_ACCOUNT_ID][region], region, entry)
        case Certificate():
            _make_certificate(region, entry.domain)
        case Secret():
            _make_secret(region, entry)


def _make_secret(region: str, secret: Secret) -> None:
    get_backend("secretsmanager")[DEFAULT_ACCOUNT_ID][region].create_secret(
        name=secret.name,
        secret_string=secret.value,
        secret_binary=None,
        description=secret.description,
        tags=[],
        kms_key_id=None,
        client_request_token=None,
        replica_regions=[],
        force_overwrite=False,
    )


def _make_network(ec2: Any, region: str, network: Network) -> None:
    """A VPC with DNS names; per zone a public and a private subnet, a NAT gateway in the first."""
    name, zones = network.name, _zones(ec2)
    most = max(len(network.public), len(network.private))
    if most > len(zones):
        raise ValueError(f"it has {most} subnets of a tier for {len(zones)} zones of {region}")
    vpc = ec2.create_vpc(network.cidr, tags=_tags(name))
    ec2.modify_vpc_attribute(vpc.id, "enable_dns_support", True)
    ec2.modify_vpc_attribute(vpc.id, "enable_dns_hostnames", True)
    gateway = ec2.create_internet_gateway(tags=_tags(name))
    ec2.attach_internet_gateway(gateway.id, vpc.id)
    public = _make_subnets(ec2, vpc.id, name, "public", network.public)
    private = _make_subnets(ec2, vpc.id, name, "private", network.private)
    for subnet in public:
        ec2.modify_subnet_attribute(subnet.id, "map_public_ip_on_launch", "true")
    _make_routes(ec2, vpc.id, name, gateway.id, public, private)


def _extend_default_network(ec2: Any) -> None:
    """Private subnets beside the public ones that moto, as AWS does, makes in the default VPC."""
    vpc = ec2.get_default_vpc()
    public = [each for _, each in sorted(ec2.get_default_subnets().items())][: len(_PRIVATE)]
    for subnet in public:
        subnet.add_tags({"Tier": "public"})
    gateway = ec2.create_internet_gateway(tags=[])
    ec2.attach_internet_gateway(gateway.id, vpc.id)
    private = _make_subnets(ec2, vpc.id, "", "private", _PRIVATE)
    _make_routes(ec2, vpc.id, "", gateway.id, public, private)


def _make_routes(
    ec2: Any, vpc_id: str, name: str, gateway_id: str, public: Sequence[Any], private: Sequence[Any]
) -> None:
    """One way out for what is public, and one for each private subnet, through one NAT gateway."""
    address = ec2.allocate_address("vpc")
    nat = ec2.create_nat_gateway(public[0].id, address.allocation_id, {"Name": name} if name else {})
    _route(ec2, vpc_id, name, "public", public, {"gateway_id": gateway_id})
    for zone, subnet in zip(_zones(ec2), private, strict=False):
        _route(ec2, vpc_id, name, f"private-{zone[-1]}", [subnet], {"nat_gateway_id": nat.id})


def _make_subnets(ec2: Any, vpc_id: str, name: str, tier: str, ranges: Sequence[str]) -> list[Any]:
    subnets = []
    for zone, addresses in zip(_zones(ec2), ranges, strict=False):
        subnet = ec2.create_subnet(vpc_id, addresses, availability_zone=zone)
        subnet.add_tags({**({"Name": f"{name}-{tier}-{zone[-1]}"} if name else {}), "Tier": tier})
        subnets.append(subnet)
    return subnets


def _zones(ec2: Any) -> list[str]:
    """The zones of the backend's region, by name; not every region has one for each letter."""
    return sorted(each.name for each in ec2.describe_availability_zones())


def _route(
    ec2: Any, vpc_id: str, name: str, part: str, subnets: Sequence[Any], target: dict[str, str]
) -> None:
    tier = {"Key": "Tier", "Value": part.partition("-")[0]}
    table = ec2.create_route_table(vpc_id, tags=[*(_tags(f"{name}-{part}") if name else []), tier])
    ec2.create_route(table.id, "0.0.0.0/0", **target)
    for subnet in subnets:
        ec2.associate_route_table(table.id, subnet.id)


def _make_certificate(region: str, domain: str) -> None:
    acm = get_backend("acm")[DEFAULT_ACCOUNT_ID][region]
    bundle = CertBundle.generate_cert(domain, account_id=DEFAULT_ACCOUNT_ID, region=region)
    # moto draws a new key pair each time; a recorded plan must not change with it.
    bundle.cert = _CERTIFICATE
    bundle.chain = _CERTIFICATE
    bundle.type = "AMAZON_ISSUED"
    bundle.status = "ISSUED"
    acm._certificates[bundle.arn] = bundle  # noqa: SLF001 (importing would check the key)


def _tags(name: str) -> list[dict[str, str]]:
    return [{"Key": "Name", "Value": name}]
