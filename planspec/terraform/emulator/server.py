"""What runs inside the emulator's process: moto's server, seeded with what a service expects to find.

    python -m planspec.terraform.emulator.server [--port PORT] [--region REGION]

It prints `ready URL` when it answers, and ends when its standard input ends. The account is moto's
own, 123456789012. Everything that is seeded here has the same identifiers in every run.
"""

import argparse
import contextlib
import os
import sys
import threading
from collections.abc import Sequence
from typing import Any

from flask import Flask
from moto.acm.models import CertBundle
from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_api._internal import mock_random
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from planspec.terraform.emulator.databases import close_database_gaps
from planspec.terraform.emulator.gaps import close_gaps, refuse_at_once
from planspec.terraform.emulator.repeats import Repeats

_SEED = 20260101
_NAME = "classifier"
_DOMAIN = "classifier.example.com"
_ZONES = "abc"
_ASKED_FIRST = ("sts", "ec2", "acm", "secretsmanager", "iam")
_CERTIFICATE = b"-----BEGIN CERTIFICATE-----\nemulated\n-----END CERTIFICATE-----"


def main(arguments: Sequence[str] | None = None) -> None:
    """Seed, serve, and end with the parent."""
    parser = argparse.ArgumentParser(description="AWS on loopback, for Terraform plans.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--region", default="eu-west-1")
    options = parser.parse_args(arguments)
    close_gaps()
    close_database_gaps()
    seed(options.region)
    dispatcher = DomainDispatcherApplication(_application)
    server = make_server(
        "127.0.0.1",
        options.port,
        Repeats(dispatcher),
        threaded=True,
        request_handler=_QuietHandler,
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"ready http://127.0.0.1:{server.port}", flush=True)
    _warm_up(dispatcher)
    with contextlib.suppress(KeyboardInterrupt):
        sys.stdin.buffer.read()
    # Nothing here needs saving, and a request that is still being answered must not keep us.
    os._exit(0)


def seed(region: str) -> None:
    """Make the surroundings that exist before Terraform: network, certificate, secret."""
    mock_random.seed(_SEED)
    _seed_network(get_backend("ec2")[DEFAULT_ACCOUNT_ID][region], region)
    _seed_environment(region, "production", _DOMAIN)
    # Last, because what is drawn before must stay as it is in the recorded plans.
    _seed_environment(region, "staging", _DOMAIN.replace(_NAME, f"{_NAME}-staging"))


def _seed_environment(region: str, environment: str, domain: str) -> None:
    """The certificate for the host name, and the secret of the application's database user."""
    _seed_certificate(region, domain)
    get_backend("secretsmanager")[DEFAULT_ACCOUNT_ID][region].create_secret(
        name=f"{_NAME}-{environment}/database",
        secret_string='{"username":"classifier_app","password":"emulated"}',  # noqa: S106 (nobody else's)
        secret_binary=None,
        description="The application's own database user, rotated outside Terraform",
        tags=[],
        kms_key_id=None,
        client_request_token=None,
        replica_regions=[],
        force_overwrite=False,
    )


def _seed_network(ec2: Any, region: str) -> None:
    """A VPC with DNS names; per zone a public and a private subnet, a NAT gateway in the first."""
    vpc = ec2.create_vpc("10.20.0.0/16", tags=_tags(_NAME))
    ec2.modify_vpc_attribute(vpc.id, "enable_dns_support", True)
    ec2.modify_vpc_attribute(vpc.id, "enable_dns_hostnames", True)
    gateway = ec2.create_internet_gateway(tags=_tags(_NAME))
    ec2.attach_internet_gateway(gateway.id, vpc.id)
    public = _seed_tier(ec2, vpc.id, region, "public", 0)
    private = _seed_tier(ec2, vpc.id, region, "private", 100)
    for subnet in public:
        ec2.modify_subnet_attribute(subnet.id, "map_public_ip_on_launch", "true")
    address = ec2.allocate_address("vpc")
    nat = ec2.create_nat_gateway(public[0].id, address.allocation_id, {"Name": _NAME})
    _seed_routes(ec2, vpc.id, "public", public, {"gateway_id": gateway.id})
    for zone, subnet in zip(_ZONES, private, strict=True):
        _seed_routes(ec2, vpc.id, f"private-{zone}", [subnet], {"nat_gateway_id": nat.id})


def _seed_tier(ec2: Any, vpc_id: str, region: str, tier: str, first: int) -> list[Any]:
    subnets = []
    for index, zone in enumerate(_ZONES):
        subnet = ec2.create_subnet(
            vpc_id, f"10.20.{first + index}.0/24", availability_zone=f"{region}{zone}"
        )
        subnet.add_tags({"Name": f"{_NAME}-{tier}-{zone}", "Tier": tier})
        subnets.append(subnet)
    return subnets


def _seed_routes(
    ec2: Any, vpc_id: str, name: str, subnets: Sequence[Any], target: dict[str, str]
) -> None:
    tier = name.partition("-")[0]
    table = ec2.create_route_table(
        vpc_id, tags=[*_tags(f"{_NAME}-{name}"), {"Key": "Tier", "Value": tier}]
    )
    ec2.create_route(table.id, "0.0.0.0/0", **target)
    for subnet in subnets:
        ec2.associate_route_table(table.id, subnet.id)


def _seed_certificate(region: str, domain: str) -> None:
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


def _application(service: str) -> Flask:
    application = create_backend_app(service)  # type: ignore[arg-type]
    application.debug = False
    refuse_at_once(application)
    return application


def _warm_up(dispatcher: DomainDispatcherApplication) -> None:
    """Load what every plan asks first, while Terraform still reads the configuration."""
    for service in _ASKED_FIRST:
        with dispatcher.lock:
            if service not in dispatcher.app_instances:
                dispatcher.app_instances[service] = _application(service)


class _QuietHandler(MotoRequestHandler):
    """Says nothing about requests; errors still go to standard error."""

    def log_request(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    main()
