"""Does a policy allow no more than a document says is needed?

The document names a resource of the plan by `${ADDRESS.arn}`. What apply decides is the same text on
both sides where it is the ARN of the same resource; behind an ARN the JSON of a plan does not tell what
follows it, so that only `${ADDRESS.arn}*` is sure to hold it. Source: AWS IAM User Guide, "Grant least
privilege".
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from planspec.access import Answer, Outcome, Partly, Unknown, describe
from planspec.errors import PolicyError
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.change.policy_texts import (
    Written,
    named_policy,
    only_allows,
    planned,
    statements_of,
)
from planspec.judgements.exposure.public_access import about_something, more_than
from planspec.judgements.exposure.resource_policies import policies
from planspec.judgements.generic.expect import found
from planspec.judgements.identity.full_access import ATTACHMENTS, OF_THEIR_OWN
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.references import graph

_REFERENCE: Final = re.compile(
    r"\$\{((?:module\.[\w-]+(?:\[[^]]*\])?\.)*(?:data\.)?[a-z][a-z0-9_]*\.[\w-]+(?:\[[^]]*\])?)\.(\w+)\}"
)
_REMEDY: Final = "take away what is not needed, or state the need in the document"
Path = tuple[str | int, ...]


class Need(NamedTuple):
    """What is needed: the name of its document, and the document."""

    name: str
    document: Mapping[str, Any]

    @property
    def file(self) -> str:
        """Where it stands, for a reader."""
        return f"policies/needs/{self.name}.json"


class _Policy(NamedTuple):
    """One policy: who has it, where it is named, and what it says."""

    holder: ResourceChange
    place: Value
    written: Written

    @property
    def document(self) -> Any:
        """What it says; of a policy that is not in the plan only its name is known."""
        return Unknown() if self.written.means else self.written.document


def allow_no_more_than(plan: Plan, chosen: Sequence[ResourceChange], need: Need) -> Judgement:
    """Judge whether the policies of the chosen resources allow no more than the need says.

    An attached policy of the plan is judged with its attachment too. One whose text is not in the plan
    can be any. Raises PolicyError where the document names a resource that the plan does not have.
    """
    reference = _with_arns(plan, need, need.document)
    every = list(_policies(plan, chosen))
    return judge(
        dict.fromkeys(each.holder.address for each in every),
        (_excess(plan, each, reference, need) for each in every),
    )


def _policies(plan: Plan, chosen: Sequence[ResourceChange]) -> Iterator[_Policy]:
    addresses = {each.address for each in chosen}
    for held in policies(plan):
        if held.resource.address in addresses and held.resource.type != "aws_iam_role":
            yield _Policy(held.resource, held.place, Written(held.resource, (), held.document))
    for resource in chosen:
        for path in _paths(plan, resource):
            yield _Policy(resource, resource.after.get(*path), planned(plan, resource, path))
        for place in _arns(plan, resource):
            yield from (_Policy(resource, place, each) for each in _attached(plan, resource, place))


def _paths(plan: Plan, resource: ResourceChange) -> Iterator[Path]:
    if resource.type in OF_THEIR_OWN:
        yield ("policy",)
    if resource.type == "aws_iam_role" and _may_say(plan, resource, "inline_policy"):
        count = len(resource.after.get("inline_policy").elements())
        yield from (("inline_policy", position, "policy") for position in range(count))


def _arns(plan: Plan, resource: ResourceChange) -> Sequence[Value]:
    if resource.type in ATTACHMENTS:
        return (resource.after.get("policy_arn"),)
    if resource.type == "aws_iam_role" and _may_say(plan, resource, "managed_policy_arns"):
        return resource.after.get("managed_policy_arns").elements()
    return ()


def _may_say(plan: Plan, role: ResourceChange, attribute: str) -> bool:
    """Whether somebody wrote it: what nobody wrote the provider reports after apply."""
    return role.after.get(attribute).peek() is not UNKNOWN or graph(plan).is_written(role, attribute)


def _attached(plan: Plan, resource: ResourceChange, place: Value) -> Iterator[Written]:
    """Yield the texts of a policy that is attached by its ARN: of this plan, of AWS, or any."""
    attribute = "policy_arn" if resource.type in ATTACHMENTS else "managed_policy_arns"
    reading = place.reading
    named = graph(plan).targets(resource, (attribute,), "aws_iam_policy", one_of_them=True) or ()
    own = [each for each in map(plan.find, named) if each is not None]
    if isinstance(reading, Known):
        own = [each for each in own if each.after.get("arn").peek() == reading]
    for policy in own:
        yield planned(plan, policy, ("policy",))
    if not own:
        text = str(reading.value) if isinstance(reading, Known) else ""
        yield named_policy(resource, (attribute,), text)


def _excess(plan: Plan, policy: "_Policy", reference: Mapping[str, Any], need: Need) -> Finding | None:
    """The finding about one policy that allows more than is needed, or of which that is open."""
    if more_than(reference, _named(plan, policy.written)).outcome is Outcome.NOT_MORE:
        return None
    answer = more_than(reference, policy.document)
    if answer.outcome is Outcome.NOT_MORE:
        return None
    if answer.outcome is Outcome.UNDETERMINED:
        # Whichever resource apply names: what is done there is not needed on any.
        anywhere = more_than(_on_everything(reference), about_something(policy.document))
        answer = anywhere if anywhere.outcome is Outcome.MORE else answer
    surely = answer.outcome is Outcome.MORE
    return found(
        policy.holder,
        policy.place,
        Verdict.VIOLATED if surely else Verdict.UNDETERMINED,
        f"no more than {need.file} allows",
        observed=f"{describe(answer)}, which is not needed" if surely else _open(answer),
        remedy=_REMEDY,
    )


def _on_everything(reference: Mapping[str, Any]) -> Mapping[str, Any]:
    """The need as if what it allows were allowed on every resource, and nothing were denied."""
    allowed = [each for each in statements_of(reference) if only_allows(each)]
    wide = [
        {**{name: part for name, part in each.items() if name != "NotResource"}, "Resource": "*"}
        for each in allowed
    ]
    return {**reference, "Statement": wide}


def _open(answer: Answer) -> str:
    doubts = ", ".join(answer.doubts) or "its text"
    return f"whether it allows more than is needed depends on {doubts}, known after apply"


def _with_arns(plan: Plan, need: Need, part: Any) -> Any:
    match part:
        case dict():
            return {name: _with_arns(plan, need, each) for name, each in part.items()}
        case list():
            return [_with_arns(plan, need, each) for each in part]
        case str() if _REFERENCE.search(part):
            return _joined(_pieces(plan, need, part))
        case _:
            return part


def _pieces(plan: Plan, need: Need, text: str) -> Iterator[str | Unknown]:
    end = 0
    for reference in _REFERENCE.finditer(text):
        yield text[end : reference.start()]
        yield _arn(plan, need, *reference.groups())
        end = reference.end()
    yield text[end:]


def _arn(plan: Plan, need: Need, address: str, attribute: str) -> str | Unknown:
    change = plan.find(address)
    read = plan.data_sources.get(address)
    values = change.after if change is not None else read.values if read is not None else None
    if values is None or attribute != "arn":
        what = "the plan has no such resource" if values is None else f"write ${{{address}.arn}}"
        raise PolicyError(f"{need.file}: ${{{address}.{attribute}}}: {what}")
    match values.get("arn").reading:
        case Known(str(arn)):
            return arn
        case _:
            return Unknown(f"{address}.arn")


def _joined(pieces: Iterable[str | Unknown]) -> str | Partly:
    parts = tuple(each for each in pieces if each != "")
    if all(isinstance(each, str) for each in parts):
        return "".join(map(str, parts))
    return Partly(parts)


def _named(plan: Plan, written: Written) -> Any:
    """The document with the ARNs that its open resources begin with, as far as the plan says whose."""
    document = written.document
    if not isinstance(document, dict):
        return document
    statements = statements_of(document)
    whose = _arns_in(plan, written, len(statements))
    return {
        **document,
        "Statement": [_with_names(each, names) for each, names in zip(statements, whose, strict=True)],
    }


def _with_names(statement: Any, names: Sequence[str]) -> Any:
    if not names or not isinstance(statement, dict) or "Resource" not in statement:
        return statement
    stated = statement["Resource"]
    resources: list[Any] = []
    for each in stated if isinstance(stated, list) else [stated]:
        if isinstance(each, Unknown):
            resources += [Partly((Unknown(f"{name}.arn"), Unknown())) for name in names]
        else:
            resources.append(each)
    return {**statement, "Resource": resources}


def _arns_in(plan: Plan, written: Written, count: int) -> list[Sequence[str]]:
    """For each statement, the resources whose ARNs, and nothing else, its resources refer to."""
    targets = graph(plan).of(written.origin, *written.path).targets
    documents = [each.change for each in targets if each.change is not None]
    if len(documents) != 1 or documents[0].type != "aws_iam_policy_document":
        return [()] * count
    blocks = _statements_of(plan, documents[0])
    if len(blocks) != count:
        # A dynamic block is not in plan JSON, so that the others have another position.
        return [()] * count
    return [_referred(plan, documents[0], position, each) for position, each in enumerate(blocks)]


def _statements_of(plan: Plan, document: ResourceChange) -> Sequence[Any]:
    """The statements of a document as the plan says they are written."""
    block = graph(plan).unit(document).block
    written = block.expression("statement") if block is not None else None
    return written if isinstance(written, list) else ()


def _referred(plan: Plan, document: ResourceChange, position: int, block: Any) -> Sequence[str]:
    match block:
        case {"resources": {"references": [*names]}}:
            references = [str(each) for each in names]
        case _:
            return ()
    arns = {each for each in references if each.endswith(".arn")}
    if any(f"{each}.arn" not in arns for each in references if each not in arns):
        return ()
    followed = graph(plan).of(document, "statement", position, "resources")
    return tuple(each.address for each in followed.targets) if followed.followed else ()
