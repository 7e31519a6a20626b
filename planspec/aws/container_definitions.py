"""What runs in the tasks of an ECS service, and can its health check fail?

`exit 0`, `true` or `curl … || true` say "healthy" whatever happens. Only what surely passes is told:
what a program answers is not known. Sources: Amazon ECS API, HealthCheck, command; POSIX.1-2024, "Shell
Command Language", lists and exit status.
"""

import re
import shlex
from collections.abc import Iterator, Sequence
from typing import Final

from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.references import graph

_ALWAYS_PASS: Final = frozenset({"true", ":", "echo", "printf", "sleep", "date"})
# At the end of a pipeline they answer for what they read, whatever came before.
_PASS_AFTER_ALL: Final = frozenset({"cat", "tee", "head", "tail", "wc", "sort", "uniq", "tr"})
_TESTS: Final = frozenset({"test", "[", "[["})
_SHELLS: Final = frozenset({"sh", "bash", "ash", "dash"})
# After one of these, what comes last in a script need not be what it answers.
_LEAVES_EARLY: Final = frozenset({"exit", "return", "set", "trap", "exec"})
_SUBSTITUTION: Final = re.compile(r"\$\([^()]*\)|`[^`]*`")
_REDIRECTION: Final = re.compile(r"\d*>&\d+|[&\d]*>>?\s*[^\s;&|]+")


def task_definitions(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return the task definitions that exist once the plan is applied."""
    return plan.remaining("aws_ecs_task_definition")


def services(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return the ECS services that exist once the plan is applied."""
    return plan.remaining("aws_ecs_service")


def with_task_sets(plan: Plan, services: Sequence[ResourceChange]) -> tuple[ResourceChange, ...]:
    """Return the services and their task sets, which have a network configuration of their own.

    A set of which it is not told to which service it belongs counts. Source: Amazon ECS API,
    CreateTaskSet, networkConfiguration.
    """
    chosen = {each.address for each in services}
    others = {each.address for each in plan.remaining("aws_ecs_service")} - chosen
    joined = graph(plan).incoming("aws_ecs_task_set", ("service",), "aws_ecs_service")
    elsewhere = {each.address for other in others for each in joined.known.get(other, ())}
    sets = (each for each in plan.remaining("aws_ecs_task_set") if each.address not in elsewhere)
    return (*services, *sets)


def containers(definition: ResourceChange) -> tuple[Value, ...] | None:
    """Return the containers of a task definition; None if they are decided at apply."""
    return containers_in(definition.after)


def containers_in(values: Value) -> tuple[Value, ...] | None:
    """Return the containers in the values of a task definition, before or after the change."""
    document = values.get("container_definitions").document()
    if document.peek() is UNKNOWN:
        return None
    return document.elements()


def runs_on_windows(definition: ResourceChange) -> bool | None:
    """Whether the containers of a task run on Windows; None if apply decides.

    Source: Amazon ECS API, RuntimePlatform, operatingSystemFamily: Linux where nothing is said.
    """
    family = definition.after.get("runtime_platform", 0, "operating_system_family").reading
    if family is UNKNOWN:
        return None
    return isinstance(family, Known) and str(family.value).upper().startswith("WINDOWS")


def environment(container: Value) -> dict[str, Value]:
    """Return the plain environment of one container: names and the places of the values."""
    found: dict[str, Value] = {}
    for variable in container.get("environment").elements():
        match variable.get("name").reading:
            case Known(str(name)):
                found[name] = variable.get("value")
            case _:
                continue
    return found


def definition_of(plan: Plan, service: ResourceChange) -> ResourceChange | None:
    """Return the task definition that a service runs; None if it cannot be told."""
    named = graph(plan).targets(service, ("task_definition",), "aws_ecs_task_definition")
    return plan.find(named[0]) if named and len(named) == 1 else None


def can_fail(command: Sequence[object]) -> bool:
    """Whether a health check may answer that the container is not healthy."""
    kind, *words = map(str, command)
    if kind == "CMD-SHELL":
        return _script(" ".join(words)) is not True
    if kind != "CMD":
        return kind.upper() not in ("NONE", "")
    name = words[0].rpartition("/")[2] if words else ""
    if (inner := _inner_script(words)) is not None:
        return _script(inner) is not True
    return bool(words) and name not in _ALWAYS_PASS


def _inner_script(words: Sequence[str]) -> str | None:
    """The script that a shell is told to run by `-c`."""
    name = words[0].rpartition("/")[2] if words else ""
    return words[words.index("-c") + 1] if name in _SHELLS and "-c" in words[:-1] else None


def _script(text: str) -> bool | None:
    """Whether a script surely passes; None if that depends on what its commands answer."""
    plain = _REDIRECTION.sub(" ", _SUBSTITUTION.sub("$x", text))
    lexer = shlex.shlex(plain.replace("\n", ";"), posix=True, punctuation_chars=";&|")
    lexer.whitespace_split, lexer.commenters = True, ""
    try:
        lists = [each for each in _split(list(lexer), ";") if each]
    except ValueError:
        return None
    if not lists or lists[0] == ["exit", "0"]:
        return True
    if "$(" in plain or any(_LEAVES_EARLY & {*map(_bare, each)} for each in lists[:-1]):
        return None
    return _list(lists[-1])


def _list(words: Sequence[str]) -> bool | None:
    """Whether commands that `&&` and `||` join surely pass: from left to right, both alike."""
    answer: bool | None = True
    for part in _split(words, "&&"):
        either = [_command(each) for each in _split(part, "||")]
        answer = _alternatives(answer, either)
    return answer


def _alternatives(before: bool | None, either: Sequence[bool | None]) -> bool | None:
    """What `before && either[0] || either[1] …` answers."""
    first, *others = either
    answer = first if before is True else False if False in (before, first) else None
    for other in others:
        answer = True if True in (answer, other) else other if answer is False else None
    return answer


def _command(words: Sequence[str]) -> bool | None:
    """Whether one command, or the last one of a pipeline, surely passes or surely fails."""
    *before, last = _split(words, "|")
    named = [each for each in map(_bare, last) if each and not re.match(r"\w+=", each)]
    if words and words[-1] == "&":
        return True  # What runs in the background is not waited for.
    if not named or "&" in words:
        return None
    name, *rest = named
    if name == "exit":
        return rest[0] == "0" if rest else None
    if (inner := _inner_script(last)) is not None:
        return _script(inner)
    if before and name in _PASS_AFTER_ALL and not rest:
        return True
    if name in _TESTS and _is_constant(rest):
        return True
    return True if name.rpartition("/")[2] in _ALWAYS_PASS else False if name == "false" else None


def _is_constant(words: Sequence[str]) -> bool:
    """Whether a test surely holds, because it asks nothing that could change."""
    match [word for word in words if word not in ("]", "]]")]:
        case [left, "=" | "==" | "-eq" | "-ge" | "-le", right]:
            return left == right and "$" not in left
        case [left, "!=", right]:
            return left != right and "$" not in left + right
        case ["-n", word] | [word]:
            return bool(word) and "$" not in word
        case _:
            return False


def _bare(word: str) -> str:
    return word.strip("(){}")


def _split(words: Sequence[str], sign: str) -> Iterator[list[str]]:
    """Yield what stands between the signs; one part more than there are signs."""
    part: list[str] = []
    for word in words:
        if word == sign:
            yield part
            part = []
        else:
            part.append(word)
    yield part
