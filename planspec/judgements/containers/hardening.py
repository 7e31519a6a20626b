"""Is each container shut in, and is the image in it the one that was tested?"""

import re
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import Final

from planspec.aws import can_fail, containers, environment, runs_on_windows
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.expect import found, hold, hold_each
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.policies import Cost

_BY_DIGEST = re.compile(r"\S+@sha256:[0-9a-f]{64}")
# Docker reads a number as Go does, so that "+0" is root as well.
_ROOT = re.compile(r"\s*(root|[+-]?0+)?\s*(:.*)?")
_ADMINISTRATOR = re.compile(r"containeradministrator|(nt authority\\\\)?system", re.IGNORECASE)
REGISTRY: Final = "aws_ecr_registry_scanning_configuration"
Problem = Callable[[ResourceChange, Value], Finding | None]


def _judge(definitions: Sequence[ResourceChange], problem: Problem, expected: str) -> Judgement:
    """Ask one thing of every container; containers that apply decides are undetermined."""
    findings: list[Finding | None] = []
    for definition in definitions:
        inside = containers(definition)
        if not inside:
            place = definition.after.get("container_definitions")
            findings.append(found(definition, place, Verdict.UNDETERMINED, expected))
        findings += [problem(definition, container) for container in inside or ()]
    return judge((definition.address for definition in definitions), findings)


def _on_windows(definition: ResourceChange) -> str:
    """Why a setting that only Linux has holds nothing, or may not; "" on Linux."""
    match runs_on_windows(definition):
        case True:
            return "Windows containers have none"
        case None:
            return "Windows containers have none, and the operating system is known after apply"
        case _:
            return ""


def images_by_digest(definitions: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each container references its image by digest.

    Source: Amazon ECS API, ContainerDefinition, image: `REPOSITORY@DIGEST`.
    """
    expected = "an image by digest (REPOSITORY@sha256:...)"

    def problem(definition: ResourceChange, container: Value) -> Finding | None:
        return hold(
            definition,
            container.get("image"),
            lambda image: _BY_DIGEST.fullmatch(str(image)) is not None,
            expected,
            remedy="pass the digest that the build printed, not a tag",
        )

    return _judge(definitions, problem, expected)


def not_root(definitions: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each container runs as a non-root user.

    Without one the image decides, which the task definition does not show.
    Sources: Amazon ECS API, ContainerDefinition, user: `USER`, `USER:GROUP` or numbers; Microsoft,
    "Secure Windows containers": ContainerAdministrator is the one with all rights there.
    """
    expected = "a user that is not root"

    def problem(definition: ResourceChange, container: Value) -> Finding | None:
        return hold(
            definition,
            container.get("user"),
            lambda user: not (_ROOT.fullmatch(str(user)) or _ADMINISTRATOR.fullmatch(str(user))),
            expected,
            remedy='set user = "10001:10001", and let the image give that user its files',
        )

    return _judge(definitions, problem, expected)


def file_system_read_only(definitions: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each container has a read-only root filesystem.

    Source: Amazon ECS API, ContainerDefinition, readonlyRootFilesystem: false by default, and not
    supported for Windows containers.
    """
    expected = "readonlyRootFilesystem is true"

    def problem(definition: ResourceChange, container: Value) -> Finding | None:
        place = container.get("readonlyRootFilesystem")
        untold = _on_windows(definition)
        if untold:
            return found(definition, place, Verdict.UNDETERMINED, expected, observed=untold)
        return hold(
            definition,
            place,
            lambda value: value is True,
            expected,
            remedy="set readonlyRootFilesystem = true, with a volume for /tmp",
        )

    return _judge(definitions, problem, expected)


def no_privileges(definitions: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each container is unprivileged, drops all Linux capabilities and adds none.

    Source: Amazon ECS API, KernelCapabilities, and ContainerDefinition, privileged and linuxParameters:
    not supported for Windows containers.
    """
    expected = "privileged is not true, all Linux capabilities dropped and none added"

    def problem(definition: ResourceChange, container: Value) -> Finding | None:
        privileged = container.get("privileged")
        if privileged.is_set is not False:
            finding = hold(
                definition,
                privileged,
                lambda value: value is False,
                expected,
                remedy="set privileged = false",
            )
            if finding is not None:
                return finding
        dropped = container.get("linuxParameters", "capabilities", "drop")
        readings = [each.reading for each in dropped.elements()]
        untold = _on_windows(definition)
        if untold:
            return found(definition, dropped, Verdict.UNDETERMINED, expected, observed=untold)
        if Known("ALL") not in readings:
            verdict = Verdict.UNDETERMINED if UNKNOWN in readings else Verdict.VIOLATED
            remedy = 'set linuxParameters = { capabilities = { drop = ["ALL"] } }'
            return found(definition, dropped, verdict, expected, remedy=remedy)
        return _added_capabilities(definition, container, expected)

    return _judge(definitions, problem, expected)


def _added_capabilities(definition: ResourceChange, container: Value, expected: str) -> Finding | None:
    """The finding about `add`, which gives back what `drop` takes away."""
    added = container.get("linuxParameters", "capabilities", "add")
    if added.is_set is False:
        return None
    readings = [each.reading for each in added.elements()]
    verdict = (
        Verdict.VIOLATED if any(isinstance(each, Known) for each in readings) else Verdict.UNDETERMINED
    )
    return found(definition, added, verdict, expected, remedy="remove capabilities.add")


def asked_for_health(definitions: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each container has a health check of its own, which can fail.

    Source: Amazon ECS API, HealthCheck, command: `NONE` switches it off.
    """
    expected = "a health check of the container that can fail"

    def problem(definition: ResourceChange, container: Value) -> Finding | None:
        return hold(
            definition,
            container.get("healthCheck", "command"),
            lambda command: isinstance(command, list) and bool(command) and can_fail(command),
            expected,
            remedy="set healthCheck with a command that tests the container",
        )

    return _judge(definitions, problem, expected)


def not_chatty(definitions: Sequence[ResourceChange], settings: Cost) -> Judgement:
    """Judge whether no container uses a verbose log level; `settings` names the variables."""
    expected = f"a level of logging other than {' and '.join(settings.chatty_log_levels)}"

    def problem(definition: ResourceChange, container: Value) -> Finding | None:
        variables = environment(container)
        for name in settings.log_level_variables:
            finding = name in variables and hold(
                definition,
                variables[name],
                lambda value: str(value).strip().upper() not in settings.chatty_log_levels,
                expected,
                remedy="log at INFO, and raise the level only while someone investigates",
            )
            if finding and finding.verdict is Verdict.VIOLATED:
                # Values of the environment are never shown; that this one asks for more is no secret.
                return finding._replace(observed=f"{name} makes the container log every detail")
            if finding:
                return finding
        return None

    return _judge(definitions, problem, expected)


def tags_immutable(repositories: Sequence[ResourceChange]) -> Judgement:
    """Judge whether a tag in each image repository keeps the image that it was given.

    Source: Amazon ECR API, CreateRepository, imageTagMutability: MUTABLE by default.
    """
    return hold_each(
        repositories,
        ("image_tag_mutability",),
        lambda value: value == "IMMUTABLE",
        "image_tag_mutability is IMMUTABLE",
        remedy='set image_tag_mutability = "IMMUTABLE"',
    )


def images_scanned(plan: Plan, repositories: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each image repository looks for known vulnerabilities in what is pushed.

    Scanning that is set for the whole registry does not count: it is not in the repository. But it takes
    the place of what the repository says, so that a plan with a `REGISTRY` that scans nothing of it on
    push leaves it open. Sources: Amazon ECR API, ImageScanningConfiguration, scanOnPush: false by
    default; Amazon ECR User Guide, "Scan images for software vulnerabilities in Amazon ECR".
    """
    judgement = hold_each(
        repositories,
        ("image_scanning_configuration", 0, "scan_on_push"),
        lambda value: value is True,
        "scan_on_push is true",
        remedy="add image_scanning_configuration { scan_on_push = true }",
    )
    wrong = {each.address for each in judgement.findings}
    right = [each for each in repositories if each.address not in wrong]
    also = [
        _overruled(repository, registry)
        for registry in plan.remaining(REGISTRY)
        for repository in right
        if not any(_scans(rule, repository) for rule in registry.after.get("rule").elements())
    ]
    return judgement._replace(findings=(*judgement.findings, *also))


def _scans(rule: Value, repository: ResourceChange) -> bool:
    """Whether a rule of the registry surely scans what is pushed to a repository."""
    name = repository.after.get("name").peek()
    often = rule.get("scan_frequency").peek() in (Known("SCAN_ON_PUSH"), Known("CONTINUOUS_SCAN"))
    filters = [each.get("filter").peek() for each in rule.get("repository_filter").elements()]
    # A filter without a wildcard stands for all names that hold it.
    texts = [
        str(each.value) if "*" in str(each.value) else f"*{each.value}*"
        for each in filters
        if isinstance(each, Known)
    ]
    own = str(name.value) if isinstance(name, Known) else ""
    return often and any(text.strip("*") == "" or fnmatchcase(own, text) for text in texts)


def _overruled(repository: ResourceChange, registry: ResourceChange) -> Finding:
    place = repository.after.get("image_scanning_configuration", 0, "scan_on_push")
    finding = found(
        repository,
        place,
        Verdict.UNDETERMINED,
        "scan_on_push is true",
        observed=f"{registry.address} has no rule that scans it on push",
        remedy="add a rule with SCAN_ON_PUSH to the registry",
    )
    return finding._replace(related=(registry.address,))
