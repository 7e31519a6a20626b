"""Which findings of Checkov say of a security group what they say of a separate rule?

A refresh reads every rule back into its group, so that from the second plan on Checkov fails the group
for each rule whose resource it fails. What somebody accepted of the resource is then accepted of the
group, for the same check and as long; a rule that no resource of the plan makes is found as ever.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from planspec.aws import GROUPS, Source, Traffic, blocks
from planspec.evidence import FoundRecord, waived_like
from planspec.finding import Verdict
from planspec.plan import Plan

# Checks that ask each rule of a group by itself whether it opens a port to everybody; -1 stands for
# every port. Source: Checkov 3.3.30, AbsSecurityGroupUnrestrictedIngress and -Egress.
_PORTS: Final = {
    "CKV_AWS_24": ("ingress", 22),
    "CKV_AWS_25": ("ingress", 3389),
    "CKV_AWS_260": ("ingress", 80),
    "CKV_AWS_277": ("ingress", -1),
    "CKV_AWS_382": ("egress", -1),
}


class Settled(NamedTuple):
    """The findings that stay, and a sentence about each that does not."""

    findings: list[FoundRecord]
    notes: list[str]


def settle(plan: Plan, findings: Sequence[FoundRecord]) -> Settled:
    """Treat what a group fails for as what the resources of its rules fail for.

    Waived where each of them is, and left out where the plan takes all of those rules away.
    """
    known = {(each.observed, each.address): each for each in findings}
    settled = Settled([], [])
    for finding in findings:
        sources = _sources(plan, finding) if finding.verdict is Verdict.VIOLATED else ()
        staying = [known.get((finding.observed, each.rule.address)) for each in sources if each.stays]
        waived = [each for each in staying if each and each.verdict is Verdict.WAIVED]
        if not sources or len(waived) < len(staying):
            settled.findings.append(finding)
        elif waived:
            settled.findings.append(waived_like(finding, waived[0]))
        else:
            settled.notes.append(_gone(finding, sources))
    return settled


def _sources(plan: Plan, finding: FoundRecord) -> tuple[Source, ...]:
    """What makes the rules that the check fails; nothing where one of them has no resource."""
    group = plan.find(finding.address)
    if finding.observed not in _PORTS or group is None or group.type not in GROUPS:
        return ()
    direction, port = _PORTS[finding.observed]
    found: dict[Source, None] = {}
    for _, block in blocks(plan, group, direction):
        if not block:
            return ()
        for traffic, source in block.items():
            if _opens(traffic, port) and source is None:
                return ()
            if _opens(traffic, port) and source is not None:
                found[source] = None
    return tuple(found)


def _opens(traffic: Traffic, port: int) -> bool:
    """Whether it lets everybody through this port, as Checkov counts: 0 to 0 is every port."""
    everybody = not isinstance(traffic.peer, str) and traffic.peer.prefixlen == 0
    first, last = traffic.ports or (0, 0)
    return everybody and (traffic.ports in (None, (0, 0)) or first <= port <= last)


def _gone(finding: FoundRecord, sources: Sequence[Source]) -> str:
    rules = ", ".join(_addresses(sources))
    return f"{finding.observed} fails {finding.address} for what this plan takes away: {rules}"


def _addresses(sources: Sequence[Source]) -> Iterator[str]:
    yield from dict.fromkeys(each.rule.address for each in sources)
