"""Is a resource of a type, or of a provider, that a list names?"""

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Final

from planspec.errors import FeatureError, UnknownName
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.pseudo_resources import Part
from planspec.judgements.generic.resources import texts
from planspec.judgements.generic.selections import Selection
from planspec.plan import Mode, Plan, ResourceChange
from planspec.schema import names
from planspec.syntax import near_name

_TYPE: Final = re.compile(r"[\w*-]+")
_PROVIDER: Final = re.compile(r"[\w.:*-]+(?:/[\w.*-]+){0,2}")
# What a short address means to Terraform, and to OpenTofu.
_REGISTRIES: Final = ("registry.terraform.io", "registry.opentofu.org")
_OFFICIAL: Final = "hashicorp"


def of_types(selection: Selection, listed: str) -> Selection:
    """Keep those of the listed types, in which `*` stands for any text.

    Raises UnknownName for a type that nothing knows.
    """
    patterns = _types(selection.plan, listed)
    kept = tuple(each for each in selection.resources if _matches(each.type, patterns))
    named = [each for each in patterns if "*" not in each]
    only = (*named, *(each for each in sorted(_known(selection.plan)) if _matches(each, patterns)))
    text = f"{selection.text} of type {listed}"
    return selection._replace(resources=kept, text=text, kind=None, only=tuple(dict.fromkeys(only)))


def must_be_one_of(selection: Selection, aspect: str, listed: str, *, negated: bool) -> Judgement:
    """Judge whether the type, or the provider, of each one is (not) in the list.

    `aspect` is "type" or "provider". A provider is named as in `required_providers`: `aws` is
    `hashicorp/aws`; where it must not be, `google` is that of any namespace.
    Raises UnknownName for a type or a provider that is misspelt.
    """
    plan = selection.plan
    patterns = _types(plan, listed) if aspect == "type" else _providers(selection, listed, negated)
    expected = f"its {aspect} is {'none' if negated else 'one'} of {listed}"

    def judged(resource: ResourceChange) -> Finding | None:
        found = resource.type if aspect == "type" else _provider(plan, resource)
        if found and _matches(found, patterns) is not negated:
            return None
        unsure = not found or resource.address in selection.unsure
        verdict = Verdict.UNDETERMINED if unsure else Verdict.VIOLATED
        observed = f"its {aspect} is {found}" if found else f"the plan does not tell its {aspect}"
        return Finding(resource.address, verdict, observed, expected)

    return judge((each.address for each in selection.resources), map(judged, selection.resources))


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, each) for each in patterns)


def _types(plan: Plan, listed: str) -> Sequence[str]:
    """The types of a list. A misspelt one would be found nowhere, and forbid nothing."""
    patterns = texts(listed)
    known = _known(plan)
    families = {each.partition("_")[0] for each in known}
    for each in patterns:
        if not _TYPE.fullmatch(each):
            raise FeatureError(
                f'"{each}" is not a resource type; write one such as "aws_iam_user" or "aws_iam_*"'
            )
        family = each.partition("_")[0]
        if "*" not in each and family in families:
            names(plan).require_type(Mode.MANAGED, each)
        elif "*" not in each and "_" not in each:
            raise UnknownName(f'"{each}": no resource type of this plan or of a known provider')
        elif "*" not in family and family not in families:
            _refuse_slip(each, family, families)
        elif "*" not in family and not any(fnmatchcase(kind, each) for kind in known):
            raise UnknownName(
                f'"{each}": no resource type of this plan or of a known provider is such a one'
            )
    return patterns


def _known(plan: Plan) -> set[str]:
    """The types that the schemas know, and those of the plan."""
    known = set(names(plan).schemas.names(Mode.MANAGED))
    return known | {kind for mode, kind in plan.by_type if mode is Mode.MANAGED}


def _refuse_slip(written: str, word: str, known: set[str]) -> None:
    near = near_name(word, known)
    if near:
        raise UnknownName(f'"{written}": nothing is named "{word}"; did you mean "{near}"?')


def _providers(selection: Selection, listed: str, negated: bool) -> Sequence[str]:
    """The patterns that addresses of providers are compared with."""
    found: list[str] = []
    there = {_provider(selection.plan, each) for each in selection.considered} - {""}
    last = {each.rpartition("/")[2] for each in there}
    for each in texts(listed):
        written = each.lower()
        if not _PROVIDER.fullmatch(written):
            raise FeatureError(
                f'"{each}" is not a provider name; write one such as "aws" or "hashicorp/aws"'
            )
        name = written.rpartition("/")[2]
        if negated and "*" not in name and name not in last:
            _refuse_slip(each, name, last)
        parts = written.split("/")
        if negated:
            found += [written, f"*/{written}"]
        elif len(parts) < len(("host", "namespace", "type")):
            tail = "/".join([_OFFICIAL, *parts][-2:])
            found += [f"{host}/{tail}" for host in _REGISTRIES]
        else:
            found.append(written)
    return found


def _provider(plan: Plan, resource: ResourceChange) -> str:
    """The address of its provider; "" if the plan does not tell."""
    if not isinstance(resource, Part):
        return resource.provider.lower()
    # A provider of the configuration, by its key there.
    configured = plan.configuration.provider_config.get(resource.address.partition(".")[2])
    return configured.full_name.lower() if configured is not None else ""
