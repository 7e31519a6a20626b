"""Does a rule let a stated network reach a stated port?

A rule of a wider network lets a narrower one in, and so does one of a part of it let a part in. The
internet is named by `0.0.0.0/0`, `::/0` or `internet`, and means both kinds of addresses: any range of
public addresses that is wider than policies/parameters.toml takes for one owner's. Rules that name a
security group, a tag or an account are about no network.
"""

import re
from collections.abc import Sequence
from ipaddress import ip_network
from typing import Final, NamedTuple

from planspec.aws import is_world
from planspec.errors import FeatureError
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.network_openings import NOT_READ, Opening, Ports, holders, openings
from planspec.judgements.generic.selections import Selection
from planspec.plan import Known, Network, Plan, Value, network
from planspec.policies import Exposure
from planspec.syntax import with_article

_INTERNET: Final = frozenset({"0.0.0.0/0", "::/0", "internet"})
# How Azure writes everybody, and the internet.
_EVERYBODY: Final = frozenset({"*", "any", "0.0.0.0", "/0"})  # noqa: S104 (read, not bound to)
# Service tags of Azure for what is not the internet; the second is one address of Azure's own.
_OWN_NETWORKS: Final = "virtualnetwork"
_PROBE: Final = "azureloadbalancer"
_PORT: Final = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")
_LAST: Final = 65535


class NetworkRules(Selection):
    """What holds rules about who reaches our networks, or what they reach."""


class IngressRules(NetworkRules):
    """Rules that let traffic in."""


class EgressRules(NetworkRules):
    """Rules that let traffic out."""


class Asked(NamedTuple):
    """What must not be let through: a network (None: the internet), and the ports, as a text too."""

    network: Network | None
    ports: tuple[range, ...]
    text: str


def ingress(plan: Plan) -> IngressRules:
    """Every security group, firewall and rule that can let traffic in."""
    found = holders(plan, inbound=True)
    return IngressRules(plan, found, found, "ingress rule")


def egress(plan: Plan) -> EgressRules:
    """Every security group, firewall and rule that can let traffic out."""
    found = holders(plan, inbound=False)
    return EgressRules(plan, found, found, "egress rule")


def on_ports(text: str, ports: str) -> Asked:
    """Ask for these ports. Raises FeatureError for what is no network or no list of ports."""
    return Asked(_network(text), _ports(ports), f"no access for {text} on port {ports}")


def on_other_ports(text: str, ports: str) -> Asked:
    """Ask for all ports but these. Raises FeatureError for what is no network or no list of ports."""
    but = _ports(ports)
    numbers = [each for each in range(_LAST + 1) if not any(each in one for one in but)]
    expected = f"no access for {text} on ports other than {ports}"
    return Asked(_network(text), _spans(numbers), expected)


def _network(text: str) -> Network | None:
    if text.lower() in _INTERNET:
        return None
    try:
        return ip_network(text)
    except ValueError as error:
        raise FeatureError(
            f'"{text}" is not a network ({error}); write one such as "10.0.0.0/8" or "internet"'
        ) from error


def _ports(text: str) -> tuple[range, ...]:
    found = [_port(each.strip()) for each in text.split(",")]
    return tuple(found)


def _port(text: str) -> range:
    if text == "any":
        return range(_LAST + 1)
    read = _PORT.fullmatch(text)
    first, last = (int(read[1]), int(read[2] or read[1])) if read else (1, 0)
    if first > last or last > _LAST:
        raise FeatureError(
            f'"{text}" is not a port; write numbers to 65535 and ranges, such as'
            ' "22, 5432-5440", or "any"'
        )
    return range(first, last + 1)


def _spans(numbers: Sequence[int]) -> tuple[range, ...]:
    """The numbers, in rising order, as few ranges."""
    found: list[range] = []
    for each in numbers:
        if found and found[-1].stop == each:
            found[-1] = range(found[-1].start, each + 1)
        else:
            found.append(range(each, each + 1))
    return tuple(found)


def must_not_allow(selection: Selection, asked: Asked, settings: Exposure) -> Judgement:
    """Judge whether no rule lets the network through on one of the ports.

    Raises FeatureError for anything but rules: what else is selected says nothing of a direction.
    """
    if not isinstance(selection, NetworkRules):
        raise FeatureError(
            f'"it must not allow" does not judge {with_article(selection.text)}; it goes with'
            " `we examine every ingress rule` and `we examine every egress rule`"
        )
    inbound = isinstance(selection, IngressRules)
    chosen = {each.address for each in selection.resources}
    found = (
        _judged(
            each._replace(sure=each.sure and each.resource.address not in selection.unsure),
            asked,
            settings,
            inbound=inbound,
        )
        for each in openings(selection.plan, inbound=inbound)
        if each.resource.address in chosen
    )
    strange = (
        Finding(each.address, Verdict.UNDETERMINED, f"the rules of {each.type} are not read", asked.text)
        for each in selection.resources
        if each.type in NOT_READ
    )
    return judge((each.address for each in selection.resources), (*found, *strange))


def _judged(opening: Opening, asked: Asked, settings: Exposure, *, inbound: bool) -> Finding | None:
    by_port = _reaches(opening.ports, asked.ports)
    if by_port is False:
        return None
    allowed = [(each, _lets(each, asked.network, settings)) for each in opening.peers]
    answers = [answer for _, answer in allowed]
    by_network = True if opening.everybody or True in answers else None
    if by_network is None and None not in answers and opening.everybody is False:
        return None
    violated = bool(by_port and by_network and opening.sure)
    peer = next((each.shown for each, answer in allowed if answer is by_network), "everybody")
    observed = f"lets {peer} {'in' if inbound else 'out'} on {_shown(opening.ports)}".replace('"', "")
    return Finding(
        opening.resource.address,
        Verdict.VIOLATED if violated else Verdict.UNDETERMINED,
        observed if opening.sure else f"{observed}, unless apply or a filter decides otherwise",
        asked.text,
        opening.place.path,
        "name a narrower network, and only the ports that it needs",
    )


def _reaches(ports: Ports, asked: Sequence[range]) -> bool | None:
    hit = any(
        max(one.start, other.start) < min(one.stop, other.stop) for one in ports.sure for other in asked
    )
    return True if hit else None if ports.perhaps_more else False


def _lets(peer: Value, asked: Network | None, settings: Exposure) -> bool | None:
    """Whether the other side of a rule holds some address of the network; None if nobody can tell."""
    match peer.reading:
        case Known(str(text), False):
            word = text.strip().lower()
        case _:
            return None
    if word in _EVERYBODY:
        return True
    if word == _PROBE:
        return False
    if word == "internet":
        return asked is None or not asked.is_private
    if asked is None:
        widest = settings.widest_public_ipv4_prefix, settings.widest_public_ipv6_prefix
        return False if word == _OWN_NETWORKS else is_world(peer, *widest)
    held = network(word)
    return None if held is None else held.version == asked.version and held.overlaps(asked)


def _shown(ports: Ports) -> str:
    if not ports.sure:
        return "ports that are known only after apply"
    if any(len(each) > _LAST for each in ports.sure):
        return "every port"
    return ", ".join(
        f"port {each.start}" if len(each) == 1 else f"ports {each.start}-{each.stop - 1}"
        for each in ports.sure
    )
