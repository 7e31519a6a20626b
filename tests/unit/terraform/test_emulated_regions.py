"""Is what exists made once in each region, and before anything there is answered?"""

import threading
from collections.abc import Iterable
from typing import Any

import pytest

from planspec.terraform.emulator.regions import Regions
from planspec.terraform.emulator.seed import Network, Seed
from planspec.terraform.emulator.surroundings import seed_beside


def asked(regions: Regions, scope: str) -> tuple[str, bytes]:
    """The status and the body of one signed request."""
    told: list[str] = []
    signed = f"AWS4-HMAC-SHA256 Credential=key/20260101/{scope}/aws4_request, Signature=x"
    environ: dict[str, Any] = {
        "HTTP_AUTHORIZATION": signed,
        "CONTENT_TYPE": "text",
        "REQUEST_METHOD": "GET",
    }
    body = b"".join(regions(environ, lambda status, _: told.append(status)))
    return told[0], body


def answer(_: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer as the emulator would."""
    start_response("200 OK", [])
    return [b"there"]


def test_each_region_is_made_once_and_only_for_services_that_hold_something() -> None:
    made: list[str] = []
    regions = Regions(answer, made.append)
    regions.prepare("eu-west-1", lambda _: None)
    scopes = (
        "eu-west-1/ec2",
        "us-east-1/iam",
        "us-east-1/ec2",
        "us-east-1/acm",
        "us-west-2/secretsmanager",
    )
    assert {asked(regions, each) for each in scopes} == {("200 OK", b"there")}
    assert made == ["us-east-1", "us-west-2"]
    assert list(regions({}, lambda *_: None)) == [b"there"], "a request that nobody signed"


def test_what_cannot_be_made_is_refused_with_its_reason_each_time() -> None:
    def make(_: str) -> None:
        raise ValueError("two zones")

    regions = Regions(answer, make, "seed.toml")
    for _ in range(2):
        status, body = asked(regions, "us-west-1/ec2")
        assert status.startswith("400")
        assert b"seed.toml: the emulator cannot seed us-west-1: two zones" in body


def test_nothing_else_is_answered_while_a_region_is_made() -> None:
    busy, go, order = threading.Event(), threading.Event(), list[str]()

    def slow(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        busy.set()
        go.wait(5)
        order.append("answered")
        return answer(environ, start_response)

    regions = Regions(slow, order.append)
    regions.prepare("eu-west-1", lambda _: None)
    first = threading.Thread(target=asked, args=(regions, "eu-west-1/ec2"))
    first.start()
    assert busy.wait(5)
    second = threading.Thread(target=asked, args=(regions, "us-east-1/ec2"))
    second.start()
    second.join(0.2)
    assert order == []
    go.set()
    first.join(5)
    second.join(5)
    assert order == ["answered", "us-east-1", "answered"]


def test_an_entry_that_the_emulator_refuses_is_named() -> None:
    four = [f"10.0.{number}.0/24" for number in range(4)]
    network = Network("shop", "10.0.0.0/16", public=four, private=["10.0.9.0/24"])
    seed_beside("us-east-1", Seed([network]))
    told = r"^network shop \(`\$\.seed\[0\]`\): it has 4 subnets of a tier for 2 zones of us-west-1$"
    with pytest.raises(ValueError, match=told):
        seed_beside("us-west-1", Seed([network]))
