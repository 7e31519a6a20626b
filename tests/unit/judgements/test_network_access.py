"""Which rules let a network reach a port, in all the shapes that three providers have for them?"""

from ipaddress import IPv4Network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planspec import Plan, Verdict
from planspec.errors import FeatureError
from planspec.judgements.generic import network_access, relations, selections
from planspec.policies import Exposure
from tests.support.plans import block, configuration, constant, plan, resource

SATISFIED, VIOLATED = Verdict.SATISFIED, Verdict.VIOLATED
UNDETERMINED, NOT_APPLICABLE = Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE
SETTINGS = Exposure(
    public_ports=[443],
    outgoing_ports=[443],
    tls_policies=[],
    widest_public_ipv4_prefix=24,
    widest_public_ipv6_prefix=48,
)
WORLD, ANY_ADDRESS = "0.0.0.0/0", "*"


def ingress(
    given_plan: Plan, network: str = "internet", ports: str = "22", *, other: bool = False
) -> Verdict:
    """What is judged of the ingress rules of a plan."""
    ask = network_access.on_other_ports if other else network_access.on_ports
    chosen = network_access.ingress(given_plan)
    return network_access.must_not_allow(chosen, ask(network, ports), SETTINGS).verdict


def egress(given_plan: Plan, network: str = "internet", ports: str = "22") -> Verdict:
    """What is judged of the egress rules of a plan."""
    asked = network_access.on_ports(network, ports)
    return network_access.must_not_allow(network_access.egress(given_plan), asked, SETTINGS).verdict


def rule(first: Any = 22, last: Any = 22, protocol: Any = "tcp", **sources: Any) -> dict[str, Any]:
    """A rule of a group, from everywhere unless other sources are given."""
    return {
        "from_port": first,
        "to_port": last,
        "protocol": protocol,
        **(sources or {"cidr_blocks": [WORLD]}),
    }


def group(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A security group with rules inside it."""
    return resource("aws_security_group", "a", name="a", ingress=list(rules), egress=[], **more)


def amazon(inner: dict[str, Any]) -> list[dict[str, Any]]:
    """The same rule in the three shapes that Amazon has for it."""
    sources = {name: each for name, each in inner.items() if name.endswith("cidr_blocks")}
    v4, v6 = (sources.get(name, []) for name in ("cidr_blocks", "ipv6_cidr_blocks"))
    separate = {
        "from_port": inner["from_port"],
        "to_port": inner["to_port"],
        "ip_protocol": inner["protocol"],
        "security_group_id": "sg-1",
        "cidr_ipv4": v4 if v4 is ... else v4[0] if v4 else None,
        "cidr_ipv6": v6[0] if v6 else None,
    }
    return [
        group(inner),
        resource("aws_security_group_rule", "r", type="ingress", security_group_id="sg-1", **inner),
        resource("aws_vpc_security_group_ingress_rule", "r", **separate),
    ]


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        pytest.param(rule(), VIOLATED, id="the port alone"),
        pytest.param(rule(20, 30), VIOLATED, id="a range around it"),
        pytest.param(rule(0, 0, "-1"), VIOLATED, id="every protocol"),
        pytest.param(rule(None, None, "-1"), VIOLATED, id="every protocol without ports"),
        pytest.param(rule(0, 65535), VIOLATED, id="every port"),
        pytest.param(rule(22, 22, "6"), VIOLATED, id="tcp as a number"),
        pytest.param(rule(22, 22, "UDP"), VIOLATED, id="udp"),
        pytest.param(rule(80, 80, "132"), VIOLATED, id="a protocol of which ports do not count"),
        pytest.param(rule(-1, -1, "icmp"), SATISFIED, id="no ports at all"),
        pytest.param(rule(443, 443), SATISFIED, id="another port"),
        pytest.param(rule(23, 65535), SATISFIED, id="above it"),
        pytest.param(rule(cidr_blocks=["10.0.0.0/8"]), SATISFIED, id="a private network"),
        pytest.param(rule(cidr_blocks=["203.0.113.7/32"]), SATISFIED, id="one address"),
        pytest.param(rule(cidr_blocks=["0.0.0.0/1"]), VIOLATED, id="half of the internet"),
        pytest.param(rule(ipv6_cidr_blocks=["::/0"]), VIOLATED, id="the internet of version 6"),
        pytest.param(
            rule(ipv6_cidr_blocks=["fd00::/8"]), SATISFIED, id="a private network of version 6"
        ),
        pytest.param(rule(..., 22), UNDETERMINED, id="a port that apply decides"),
        pytest.param(rule(22, 22, ...), UNDETERMINED, id="a protocol that apply decides"),
        pytest.param(rule(cidr_blocks=...), UNDETERMINED, id="a network that apply decides"),
        pytest.param(rule(443, 443, cidr_blocks=...), SATISFIED, id="the same on another port"),
        pytest.param(rule(..., 22, cidr_blocks=["10.0.0.0/8"]), SATISFIED, id="the same from inside"),
    ],
)
def test_the_three_shapes_of_amazon_are_judged_alike(inner: dict[str, Any], expected: Verdict) -> None:
    for shape in amazon(inner):
        assert ingress(plan(shape)) is expected, shape["type"]


def test_the_default_group_counts_and_prefix_lists_cannot_be_told() -> None:
    default = resource("aws_default_security_group", "d", ingress=[rule()], egress=[])
    assert ingress(plan(default)) is VIOLATED
    assert ingress(plan(group(rule(cidr_blocks=[], prefix_list_ids=["pl-1"])))) is UNDETERMINED
    assert ingress(plan(group(rule(80, 80, cidr_blocks=[], prefix_list_ids=["pl-1"])))) is SATISFIED
    assert ingress(plan(group(rule(security_groups=["sg-2"], self=True)))) is SATISFIED


def test_ingress_and_egress_are_kept_apart() -> None:
    out = resource("aws_security_group", "a", ingress=[], egress=[rule()])
    assert (ingress(plan(out)), egress(plan(out))) == (SATISFIED, VIOLATED)
    old = resource("aws_security_group_rule", "r", type="egress", security_group_id="sg-1", **rule())
    assert (ingress(plan(old)), egress(plan(old))) == (NOT_APPLICABLE, VIOLATED)
    unknown = resource("aws_security_group_rule", "r", type=..., security_group_id="sg-1", **rule())
    assert (ingress(plan(unknown)), egress(plan(unknown))) == (UNDETERMINED, UNDETERMINED)
    assert ingress(plan(resource("aws_s3_bucket", "b", bucket="b"))) is NOT_APPLICABLE


def azure(**changed: Any) -> dict[str, Any]:
    """A rule of Azure that lets everybody in on port 22, but for what is changed."""
    return {
        "direction": "Inbound",
        "access": "Allow",
        "protocol": "Tcp",
        "priority": 100,
        "source_address_prefix": ANY_ADDRESS,
        "source_address_prefixes": [],
        "destination_port_range": "22",
        "destination_port_ranges": [],
        **changed,
    }


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({}, VIOLATED, id="a star"),
        pytest.param({"source_address_prefix": "Internet"}, VIOLATED, id="the tag"),
        pytest.param({"source_address_prefix": "internet"}, VIOLATED, id="the tag in small letters"),
        pytest.param({"source_address_prefix": WORLD}, VIOLATED, id="a network"),
        pytest.param(
            {"source_address_prefix": "", "source_address_prefixes": ["10.0.0.0/8", WORLD]},
            VIOLATED,
            id="several networks",
        ),
        pytest.param({"destination_port_range": "20-30"}, VIOLATED, id="a range"),
        pytest.param(
            {"destination_port_range": ANY_ADDRESS, "protocol": ANY_ADDRESS}, VIOLATED, id="all"
        ),
        pytest.param(
            {"destination_port_range": "", "destination_port_ranges": ["443", "20-30"]},
            VIOLATED,
            id="several ranges",
        ),
        pytest.param({"protocol": "Icmp"}, SATISFIED, id="no ports"),
        pytest.param({"access": "Deny"}, SATISFIED, id="denied"),
        pytest.param({"direction": "Outbound"}, SATISFIED, id="outbound"),
        pytest.param({"destination_port_range": "443"}, SATISFIED, id="another port"),
        pytest.param({"source_address_prefix": "VirtualNetwork"}, SATISFIED, id="the own network"),
        pytest.param({"source_address_prefix": "AzureLoadBalancer"}, SATISFIED, id="the probe"),
        pytest.param({"source_address_prefix": "AzureCloud"}, UNDETERMINED, id="ranges of Azure"),
        pytest.param({"source_address_prefix": ...}, UNDETERMINED, id="apply decides from where"),
        pytest.param({"destination_port_range": ...}, UNDETERMINED, id="apply decides the port"),
        pytest.param({"destination_port_range": "ssh"}, UNDETERMINED, id="no port"),
        pytest.param({"access": ...}, UNDETERMINED, id="apply decides whether it allows"),
    ],
)
def test_the_two_shapes_of_azure_are_judged_alike(changed: dict[str, Any], expected: Verdict) -> None:
    alone = resource("azurerm_network_security_rule", "r", **azure(**changed))
    inside = resource("azurerm_network_security_group", "g", security_rule=[azure(**changed)])
    assert ingress(plan(inside)) is expected
    outbound = changed.get("direction") == "Outbound"
    assert ingress(plan(alone)) is (NOT_APPLICABLE if outbound else expected)


def test_rules_that_nobody_wrote_into_a_group_of_azure_are_no_rules() -> None:
    group_of_azure = resource("azurerm_network_security_group", "a", security_rule=...)
    bare = configuration(block("azurerm_network_security_group", "a", name=constant("a")))
    assert ingress(plan(group_of_azure, configuration=bare)) is SATISFIED
    assert ingress(plan(group_of_azure)) is UNDETERMINED


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({}, VIOLATED, id="everybody"),
        pytest.param({"allow": [{"protocol": "tcp", "ports": ["20-30"]}]}, VIOLATED, id="a range"),
        pytest.param({"allow": [{"protocol": "tcp", "ports": []}]}, VIOLATED, id="no ports are all"),
        pytest.param({"allow": [{"protocol": "all", "ports": None}]}, VIOLATED, id="every protocol"),
        pytest.param({"source_ranges": None}, VIOLATED, id="no source is everybody"),
        pytest.param({"source_ranges": None, "source_tags": ["bastion"]}, SATISFIED, id="a tag"),
        pytest.param({"source_tags": ["bastion"]}, VIOLATED, id="a tag or everybody"),
        pytest.param({"source_ranges": ["35.235.240.0/20"]}, VIOLATED, id="a wide public range"),
        pytest.param({"source_ranges": ["10.0.0.0/8"]}, SATISFIED, id="a private network"),
        pytest.param({"allow": [{"protocol": "icmp", "ports": []}]}, SATISFIED, id="no ports"),
        pytest.param({"allow": [], "deny": [{"protocol": "all"}]}, SATISFIED, id="denied"),
        pytest.param({"disabled": True}, SATISFIED, id="disabled"),
        pytest.param({"disabled": ...}, UNDETERMINED, id="apply decides whether it is disabled"),
        pytest.param({"source_ranges": ...}, UNDETERMINED, id="apply decides from where"),
        pytest.param({"allow": [{"protocol": "tcp", "ports": ...}]}, UNDETERMINED, id="which ports"),
        pytest.param({"allow": ...}, UNDETERMINED, id="which protocols"),
        pytest.param({"source_ranges": None, "source_tags": ...}, UNDETERMINED, id="whether a tag"),
        pytest.param({"direction": ...}, UNDETERMINED, id="which direction"),
    ],
)
def test_firewalls_of_google_are_read_with_their_defaults(
    changed: dict[str, Any], expected: Verdict
) -> None:
    values = {
        "direction": "INGRESS",
        "allow": [{"protocol": "tcp", "ports": ["22"]}],
        "source_ranges": [WORLD],
        "source_tags": None,
        "source_service_accounts": None,
        **changed,
    }
    assert ingress(plan(resource("google_compute_firewall", "f", **values))) is expected


def test_what_the_provider_of_google_fills_in_is_what_the_api_takes_by_default() -> None:
    firewall = resource(
        "google_compute_firewall", "f", direction=..., source_ranges=...,
        allow=[{"protocol": "tcp", "ports": ["22"]}],
    )  # fmt: skip
    written = configuration(block("google_compute_firewall", "f", allow=[{"ports": constant(["22"])}]))
    assert ingress(plan(firewall, configuration=written)) is VIOLATED
    assert egress(plan(firewall, configuration=written)) is NOT_APPLICABLE


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("10.1.2.0/24", VIOLATED),
        ("10.0.0.0/7", VIOLATED),
        ("10.1.0.7/32", VIOLATED),
        ("10.2.0.0/16", SATISFIED),
        ("fd00::/8", SATISFIED),
        (WORLD, SATISFIED),
        ("::/0", SATISFIED),
    ],
)
def test_a_wider_and_a_narrower_network_share_addresses(asked: str, expected: Verdict) -> None:
    assert ingress(plan(group(rule(cidr_blocks=["10.1.0.0/16"]))), asked) is expected


def test_everybody_holds_each_network() -> None:
    assert ingress(plan(group(rule())), "10.1.2.0/24") is VIOLATED
    inside = resource("azurerm_network_security_rule", "r", **azure(source_address_prefix="Internet"))
    assert ingress(plan(inside), "10.0.0.0/8") is SATISFIED
    assert ingress(plan(inside), "203.0.113.0/24") is SATISFIED  # reserved for documents
    assert ingress(plan(inside), "198.41.0.0/24") is VIOLATED


def test_other_ports_are_all_but_those_that_are_named() -> None:
    assert ingress(plan(group(rule(443, 443), rule(80, 80))), ports="80, 443", other=True) is SATISFIED
    assert ingress(plan(group(rule(80, 443))), ports="80, 443", other=True) is VIOLATED
    assert ingress(plan(group(rule(80, 443))), ports="80-443", other=True) is SATISFIED
    assert ingress(plan(group(rule(0, 0, "-1"))), ports="443", other=True) is VIOLATED
    assert ingress(plan(group(rule(443, 443))), ports="any", other=True) is SATISFIED
    assert ingress(plan(group(rule(9, 9))), ports="any") is VIOLATED


def test_what_a_filter_keeps_is_judged_by_its_own_direction() -> None:
    chosen = network_access.ingress(plan(group(rule(), tags={"Zone": "public"}), rule_alone()))
    asked = network_access.on_ports("internet", "22")

    def judged(kept: selections.Selection) -> Verdict:
        return network_access.must_not_allow(kept, asked, SETTINGS).verdict

    public = selections.keep(chosen, "tags.Zone", relations.equals("public"))
    others = selections.keep(chosen, "tags.Zone", relations.equals("public"), negated=True)
    assert judged(public) is VIOLATED
    assert judged(others) is SATISFIED
    unsure = chosen._replace(unsure=frozenset(each.address for each in chosen.resources))
    assert judged(unsure) is UNDETERMINED


def rule_alone() -> dict[str, Any]:
    """A rule with a resource of its own, from a private network."""
    inside = rule(cidr_blocks=["10.0.0.0/8"])
    return resource("aws_security_group_rule", "r", type="ingress", tags={"Zone": "x"}, **inside)


def test_nothing_but_rules_is_judged() -> None:
    chosen = selections.of_type(plan(group(rule())), "aws_security_group")
    with pytest.raises(FeatureError, match="it goes with `we examine every ingress rule`"):
        network_access.must_not_allow(chosen, network_access.on_ports("internet", "22"), SETTINGS)


def test_rules_that_are_not_read_are_no_pass() -> None:
    assert ingress(plan(resource("hcloud_firewall", "f", rule=[]))) is UNDETERMINED


@pytest.mark.parametrize("network", ["10.0.0.1/8", "world", "", "10.0.0.0/33", "0.0.0.0/0, ::/0"])
def test_what_is_no_network_is_refused_with_the_right_form(network: str) -> None:
    with pytest.raises(FeatureError, match=r'write one such as "10\.0\.0\.0/8"'):
        network_access.on_ports(network, "22")


@pytest.mark.parametrize("ports", ["ssh", "", "22;23", "22 23", "65536", "30-20", "-1", "22,", "٢٢"])
def test_what_is_no_port_is_refused_with_the_right_form(ports: str) -> None:
    with pytest.raises(FeatureError, match=r'such as "22, 5432-5440", or "any"'):
        network_access.on_other_ports("internet", ports)


@given(
    st.ip_addresses(v=4), st.integers(1, 32), st.ip_addresses(v=4), st.integers(1, 32),
    st.integers(0, 65535), st.integers(0, 65535), st.integers(0, 65535),
)  # fmt: skip
def test_it_is_arithmetic_of_sets(  # noqa: PLR0917
    held: Any, held_size: int, asked: Any, asked_size: int, first: int, last: int, port: int
) -> None:
    mine, theirs = (
        IPv4Network((at, size), strict=False) for at, size in ((held, held_size), (asked, asked_size))
    )
    shares = mine.subnet_of(theirs) or theirs.subnet_of(mine)
    expected = VIOLATED if shares and first <= port <= last else SATISFIED
    given_plan = plan(group(rule(first, last, cidr_blocks=[str(mine)])))
    assert ingress(given_plan, str(theirs), str(port)) is expected
