"""Is what the tasks of a service read made before the service starts them?"""

from collections.abc import Iterator, Sequence

from planspec.aws import KEPT, definition_of, reads
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.expect import found
from planspec.plan import Plan, ResourceChange
from planspec.references import Earlier, made_before

EXPECTED = "a service that waits for what its containers read"


def start_after_what_they_read(plan: Plan, services: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each ECS service depends on the parameters and secrets that its containers read.

    An ARN that is built from names tells Terraform nothing, so that the service may start its tasks
    before there is anything to read. Judged is what the configuration says, whatever this change makes;
    what a task reads from elsewhere is not examined. Sources: Terraform, "Resource Graph"; Amazon ECS
    Developer Guide, "Pass sensitive data to an Amazon ECS container".
    """
    return judge(
        (service.address for service in services),
        (finding for service in services for finding in _found(plan, service)),
    )


def _found(plan: Plan, service: ResourceChange) -> Iterator[Finding]:
    definition = definition_of(plan, service)
    read = reads(plan, definition) if definition else None
    surely = read.resources if read else ()
    perhaps = read.perhaps if read else [each for kind in KEPT for each in plan.remaining(kind)]
    earlier = made_before(service, plan)
    yield from _late(plan, service, surely, earlier, surely_read=True)
    yield from _late(plan, service, perhaps, earlier, surely_read=False)


def _late(
    plan: Plan,
    service: ResourceChange,
    resources: Sequence[ResourceChange],
    earlier: Earlier,
    *,
    surely_read: bool,
) -> Iterator[Finding]:
    for each in resources:
        holds = earlier.holds(each, plan)
        if holds:
            continue
        sure = surely_read and holds is False
        observed = (
            f"its containers {'read' if surely_read else 'may read'} {each.address}, which"
            f" {'it does not depend on' if holds is False else 'it may not depend on'}"
        )
        if holds is None:
            observed += f": what {earlier.lost[0]} refers to is not in the plan"
        yield found(
            service,
            service.after.get("task_definition"),
            Verdict.VIOLATED if sure else Verdict.UNDETERMINED,
            EXPECTED,
            observed=observed,
            remedy=f"add {each.address} to its depends_on, or take its ARN from the resource",
            related=(each.address,),
        )
