"""Does a policy allow no more than a document says is needed?

The document names a resource of the plan by `${ADDRESS.arn}`. An ARN that is known after apply is the
same on both sides where the source writes the ARN of that resource; plan JSON alone does not tell what
stands around it, which leaves it open. Source: AWS IAM User Guide, "Grant least privilege".
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from planspec import syntax
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
from planspec.judgements.exposure.resource_policies import Held, policies
from planspec.judgements.generic.expect import found
from planspec.judgements.identity.full_access import ATTACHMENTS, OF_THEIR_OWN
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.references import graph
from planspec.syntax import path_steps

_REFERENCE: Final = re.compile(
    r"\$\{((?:module\.[\w-]+(?:\[[^]]*\])?\.)*(?:data\.)?[a-z][a-z0-9_]*\.[\w-]+(?:\[[^]]*\])?)\.(\w+)\}"
)
# Every policy variable has a colon, but for the three characters that are written as one.
_NO_VARIABLE: Final = re.compile(r"\$\{(?![*?$]\})[^}:]*\}")
_REMEDY: Final = "take away what is not needed, or state the need in the document"
Path = tuple[str | int, ...]
# A resource of a statement as it is written: an ARN of the plan, or a text that begins with one.
Stated = Unknown | Partly


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


def identities_need(plan: Plan, chosen: Sequence[ResourceChange], need: Need) -> Judgement:
    """Judge whether what users, groups and roles are given allows no more than the need says.

    An attached policy of the plan is judged with its attachment too. One whose text is not in the plan
    can be any. Raises PolicyError where the document names a resource that the plan does not have.
    """
    return _judged(plan, [each for resource in chosen for each in _given(plan, resource)], need)


def resources_need(plan: Plan, chosen: Sequence[ResourceChange], need: Need) -> Judgement:
    """Judge whether the policies on the chosen resources allow no more than the need says.

    Of a role that is the policy that says who may assume it. Raises PolicyError as the other one.
    """
    addresses = {each.address for each in chosen}
    held = (each for each in policies(plan) if each.resource.address in addresses)
    on = [_Policy(each.resource, each.place, _written(each)) for each in held]
    return _judged(plan, on, need)


def _written(held: Held) -> Written:
    return Written(held.resource, path_steps(held.place.path), held.document)


def _judged(plan: Plan, every: Sequence[_Policy], need: Need) -> Judgement:
    reference = _with_arns(plan, need, need.document)
    return judge(
        dict.fromkeys(each.holder.address for each in every),
        (_excess(plan, each, reference, need) for each in every),
    )


def _given(plan: Plan, resource: ResourceChange) -> Iterator[_Policy]:
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
        case str() if misspelt := _NO_VARIABLE.search(part):
            raise PolicyError(f"{need.file}: {misspelt[0]}: no ${{ADDRESS.arn}}, and no policy variable")
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
    """The document with what the source writes in place of resources that are known after apply."""
    document = written.document
    if not isinstance(document, dict):
        return document
    statements = statements_of(document)
    stated = _written_resources(plan, written)
    if len(stated) != len(statements):
        return document
    return {**document, "Statement": list(map(_with_resources, statements, stated))}


def _with_resources(statement: Any, stated: Sequence[Stated]) -> Any:
    """The statement whose open resources are each of these; a set does not tell which one is which."""
    if not stated or not isinstance(statement, dict) or not isinstance(statement.get("Resource"), list):
        return statement
    known = [each for each in statement["Resource"] if not isinstance(each, Unknown)]
    opened = stated if len(known) < len(statement["Resource"]) else ()
    return {**statement, "Resource": [*known, *opened]}


def _written_resources(plan: Plan, written: Written) -> list[Sequence[Stated]]:
    """What each statement of the document writes as ARNs of the plan; () where it writes others."""
    targets = graph(plan).of(written.origin, *written.path).targets
    documents = [each.change for each in targets if each.change is not None]
    if len(documents) != 1 or documents[0].type != "aws_iam_policy_document":
        return []
    placed = graph(plan).unit(documents[0]).placed
    match placed.expression("statement") if placed is not None else None:
        case syntax.Blocks(blocks) if all(isinstance(each, syntax.Body) for each in blocks):
            return [_resources_of(plan, documents[0], each) for each in blocks]
        case _:
            return []


def _resources_of(plan: Plan, document: ResourceChange, block: object) -> Sequence[Stated]:
    match block:
        case syntax.Body(arguments={"resources": syntax.Argument(expression=syntax.Sequence(items))}):
            stated = [_stated(plan, document, each) for each in items]
            arns = [each for each in stated if isinstance(each, Unknown | Partly)]
            return () if None in stated else arns
        case _:
            return ()


def _stated(plan: Plan, document: ResourceChange, item: object) -> Stated | str | None:
    """One element as it is written: "" for a text, which the plan tells; None for anything else."""
    match item:
        case syntax.Literal(str()):
            return ""
        case syntax.Template((first, syntax.Literal(str(rest)))):
            arn = _arn_of(plan, document, first)
            # The provider makes a policy variable of it: the two must be told apart.
            return None if arn is None or "&{" in rest else Partly((arn, rest))
        case _:
            return _arn_of(plan, document, item)


def _arn_of(plan: Plan, document: ResourceChange, item: object) -> Unknown | None:
    match item:
        case syntax.Traversal((str(kind), str(name), "arn")):
            address = f"{document.module_address}.{kind}.{name}".removeprefix(".")
            return Unknown(f"{address}.arn") if plan.find(address) is not None else None
        case _:
            return None
