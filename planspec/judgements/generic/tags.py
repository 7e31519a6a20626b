"""Where are the tags of a resource set, and does it carry one?

Most types have a map: `tags`, with `tags_all` for what the AWS provider adds from its `default_tags`;
Google calls them labels. An Auto Scaling group has a `tag` block for each, gets no default tags, and can
be given more by resources of their own. Oracle has `freeform_tags` beside `defined_tags`, Kubernetes has
labels in its metadata, and some services have a list of texts. Sources: Terraform AWS provider,
"Resource Tagging" and aws_autoscaling_group; Google provider, "Provider Default Labels"; OCI provider,
"Tagging Resources"; Kubernetes provider, metadata; Datadog, "Getting started with tags" (`key:value`).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from planspec.plan import ABSENT, UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.references import graph
from planspec.schema import names, provider_name

Path = tuple[str | int, ...]
GROUP: Final = "aws_autoscaling_group"
# Each of these is one tag of another resource, and has none itself.
GIVEN: Final = "aws_autoscaling_group_tag"
# Resources that each give one tag to another one, and what names that.
SINGLE_TAGS: Final = {
    "aws_ec2_tag": "resource_id",
    "aws_dynamodb_tag": "resource_arn",
    "aws_ecs_tag": "resource_arn",
    "aws_transfer_tag": "resource_arn",
}
GOOGLE: Final = frozenset({"google", "google-beta"})
LABELS: Final[tuple[Path, ...]] = (("labels",), ("user_labels",), ("resource_labels",))
NESTED_LABELS: Final[dict[str, Path]] = {"google_sql_database_instance": ("settings", 0, "user_labels")}


FREE, DEFINED = "freeform_tags", "defined_tags"
# Where the labels of a Kubernetes object stand, in a block or in a manifest.
OF_OBJECTS: Final[tuple[Path, ...]] = (("metadata", 0, "labels"), ("manifest", "metadata", "labels"))
UNSURE: Final = "no schema at hand tells whether its labels are a map; see: planspec schema"
BARE: Final = "is set without a value"


class Tags(NamedTuple):
    """Where the tags of a resource stand: its own, and all of them where the provider adds some.

    `unsure` where nothing tells whether what stands there are tags at all.
    """

    own: Path
    whole: Path = ()
    # What of the provider's configuration adds to them.
    default: str = ""
    word: str = "tag"
    blocks: bool = False
    unsure: bool = False

    @property
    def remedy(self) -> str:
        """What to write, and where."""
        if self.default:
            return f"add them to {self.default} of the provider"
        if self.blocks:
            return "add a tag block for each, with its key, its value and propagate_at_launch"
        return f"add them to its {self.own[-1]}"


def tags_of(plan: Plan, resource: ResourceChange) -> Tags | None:
    """Return where the tags of a resource stand; None for a type that supports none."""
    known = plan.attached(_Places).known
    if resource not in known:
        known[resource] = _tags_of(plan, resource)
    return known[resource]


class _Places:
    """Where the tags of the resources of one plan stand, by the resource."""

    def __init__(self, _: Plan) -> None:
        self.known: dict[ResourceChange, Tags | None] = {}


def _tags_of(plan: Plan, resource: ResourceChange) -> Tags | None:
    if provider_name(resource.provider) in GOOGLE or resource.type.startswith("google_"):
        return _labels(resource)
    if _has(resource, "tags_all"):
        return Tags(("tags",), ("tags_all",), "default_tags")
    if resource.type != GIVEN and _has_tag_blocks(plan, resource):
        return Tags(("tag",), blocks=True)
    if _has(resource, "tags"):
        return Tags(("tags",))
    if _has(resource, FREE) or _has(resource, DEFINED):
        return Tags((FREE,))
    return _labels_of_others(plan, resource)


def _labels_of_others(plan: Plan, resource: ResourceChange) -> Tags | None:
    """Labels that are a map: by the schema, or else by the plan, where they are not left out."""
    place = resource.after.get("labels")
    shapes = _shapes(plan, resource, "labels")
    state = place.peek()
    if shapes:
        return Tags(("labels",), word="label") if shapes == {("map", "string")} else None
    if state is not ABSENT:
        plain = isinstance(state, Known) and not isinstance(state.value, dict)
        known = isinstance(state, Known)
        return None if plain else Tags(("labels",), word="label", unsure=not known)
    for first, *rest in OF_OBJECTS:
        if not _has(resource, first):
            continue
        # An object of Kubernetes has this place for labels, also where it left it out.
        kubernetes = provider_name(resource.provider) == "kubernetes"
        if kubernetes or resource.after.get(first, *rest).peek() is not ABSENT:
            return Tags((first, *rest), word="label")
    return None


def carries(
    plan: Plan, resource: ResourceChange, tags: Tags, names: Sequence[str]
) -> dict[str, bool | None]:
    """Whether the resource carries each tag with some value; None if apply decides that."""
    stated, whole = resource.after.get(*tags.own), _whole(plan, resource, tags)
    answers: dict[str, bool | None] = {}
    for name in names:
        answer = _own(plan, resource, tags, stated, name)
        if whole is not None:
            # All of them can be unknown as a whole while the resource's own tags are known.
            found = _carried(whole, name)
            answer = answer if found is None and answer else found
        if not answer:
            answer = _or(answer, _given_alone(plan, resource, name))
        answers[name] = None if tags.unsure else answer
    return answers


def _own(plan: Plan, resource: ResourceChange, tags: Tags, stated: Value, name: str) -> bool | None:
    """Whether the tag is among those that the resource itself is given."""
    own = _carried(stated, name)
    if tags.own == (FREE,) and own is not True:
        own = _or(own, _defined(resource.after.get(DEFINED), name))
    if tags.blocks and own is not True:
        # Before version 5 of the AWS provider a group could have a list of tags beside its blocks.
        own = _or(own, _carried(resource.after.get("tags"), name))
    if resource.type == GROUP and own is not True:
        own = _or(own, _given(plan, resource, name))
    return own


def place_of(plan: Plan, resource: ResourceChange, tags: Tags) -> Value:
    """The place that a finding names: all of its tags, or its own where the provider adds none."""
    whole = _whole(plan, resource, tags)
    return resource.after.get(*tags.own) if whole is None else whole


def _whole(plan: Plan, resource: ResourceChange, tags: Tags) -> Value | None:
    """The place of all tags; None where the provider adds none to the resource's own."""
    if not tags.whole or graph(plan).provider_sets(resource, tags.default) is False:
        return None
    return resource.after.get(*tags.whole)


def doubt(resource: ResourceChange, tags: Tags, name: str) -> str:
    """Why it cannot be told whether the resource carries a tag, where apply does not decide it."""
    if tags.unsure:
        return UNSURE
    place = resource.after.get(*tags.own)
    listed = isinstance(place.peek(), Known) and any(_text(each) == name for each in place.elements())
    return f"{name} {BARE}" if listed else ""


def keys(place: Value) -> Iterator[str]:
    """The keys of the tags that stand there."""
    match place.peek():
        case Known(list(), _):
            for element in place.elements():
                text = _text(element)
                if text:
                    yield _parted(text)[0]
                match element.get("key").peek():
                    case Known(str(key), _):
                        yield key
        case _:
            yield from (name for name, _ in place.entries())


def _labels(resource: ResourceChange) -> Tags | None:
    nested = NESTED_LABELS.get(resource.type)
    for own in (*LABELS, *((nested,) if nested else ())):
        if resource.after.get(*own).peek() is ABSENT:
            continue
        if own == ("labels",) and _has(resource, "terraform_labels"):
            return Tags(own, ("terraform_labels",), "default_labels", "label")
        return Tags(own, word="label")
    return None


def _has(resource: ResourceChange, name: str | int) -> bool:
    return resource.after.get(name).peek() is not ABSENT


def _has_tag_blocks(plan: Plan, resource: ResourceChange) -> bool:
    """Whether the type has blocks `tag` of a key and a value: by its schema, or else by the plan."""
    if not _has(resource, "tag"):
        return resource.type == GROUP
    found = names(plan).schemas.find("managed", resource.type)
    blocks = [(index, index.block(number).get("tag")) for index, number in found]
    if blocks:
        return any(
            shape and isinstance(shape.leaf, int) and {"key", "value"} <= index.block(shape.leaf).keys()
            for index, shape in blocks
        )
    return bool(list(keys(resource.after.get("tag"))))


def _shapes(plan: Plan, resource: ResourceChange, name: str) -> set[tuple[str | int, ...]]:
    """What the schemas at hand say of an attribute; empty where none knows the type."""
    found = names(plan).schemas.find("managed", resource.type)
    shapes = (index.block(number).get(name) for index, number in found)
    return {(*shape.around, shape.leaf) for shape in shapes if shape}


def _carried(place: Value, name: str) -> bool | None:
    """Whether a map, or a list of keys and values, has the tag."""
    state = place.peek()
    if isinstance(state, Known) and isinstance(state.value, list):
        answer: bool | None = False
        for element in place.elements():
            answer = _or(answer, _is_it(element, name))
        return answer
    return None if state is UNKNOWN else place.get(name).is_set


def _text(element: Value) -> str:
    """The text that an element of a list is; "" for any other."""
    match element.peek():
        case Known(str(text), _):
            return text
        case _:
            return ""


def _parted(text: str) -> tuple[str, str]:
    """The key and the value of a tag that is one text: `Owner:pay` or `Owner=pay`."""
    key, *value = re.split("[:=]", text, maxsplit=1)
    return key.strip(), "".join(value).strip()


def _defined(place: Value, name: str) -> bool | None:
    """Whether one of the defined tags has this key, in whichever namespace."""
    if place.peek() is UNKNOWN:
        return None
    answer: bool | None = False
    for key, value in place.entries():
        answer = _or(answer, value.is_set if key.rpartition(".")[2] == name else False)
    state = place.peek()
    return _or(answer, None if isinstance(state, Known) and state.partly_unknown else False)


def _is_it(element: Value, name: str) -> bool | None:
    text = _text(element)
    if text:
        key, value = _parted(text)
        # A name alone has no value: whether that says whose it is nobody can tell.
        return (bool(value) or None) if key == name else False
    if element.peek() is UNKNOWN:
        return None
    match element.get("key").reading:
        case Known(key, _):
            return element.get("value").is_set if key == name else False
        case state:
            return None if state is UNKNOWN else False


def _given(plan: Plan, group: ResourceChange, name: str) -> bool | None:
    """Whether a resource of its own gives the group this tag."""
    joined = graph(plan).incoming(GIVEN, ("autoscaling_group_name",), GROUP)
    answer: bool | None = False
    for each in joined.to(group):
        answer = _or(answer, _carried(each.after.get("tag"), name))
    for each in joined.undecided:
        answer = _or(answer, None if _carried(each.after.get("tag"), name) is not False else False)
    return answer


def _given_alone(plan: Plan, resource: ResourceChange, name: str) -> bool | None:
    """Whether a resource that is nothing but one tag gives it to this one."""
    answer: bool | None = False
    for kind, named in SINGLE_TAGS.items():
        if not plan.remaining(kind):
            continue
        joined = graph(plan).incoming(kind, (named,), resource.type)
        for each in joined.to(resource):
            answer = _or(answer, _is_it(each.after, name))
        for each in joined.undecided:
            answer = _or(answer, None if _is_it(each.after, name) is not False else False)
    return answer


def _or(one: bool | None, other: bool | None) -> bool | None:
    return True if True in (one, other) else None if None in (one, other) else False
