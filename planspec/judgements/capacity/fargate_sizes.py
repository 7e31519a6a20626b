"""Which sizes does Fargate offer, and do the containers fit into their task?

Source: Amazon ECS Developer Guide, "Task size": 74 pairs for Linux; Windows runs on x86 alone, with 1,
2 or 4 processors.
"""

import re
from collections.abc import Sequence
from typing import Final

from planspec.aws import containers, runs_on_windows
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.expect import found
from planspec.plan import ABSENT, NULL, UNKNOWN, Known, ResourceChange, Value, number

UNITS_PER_PROCESSOR: Final = 1024
MIB_PER_GB: Final = 1024
FARGATE: Final = "FARGATE"
WINDOWS_PROCESSORS: Final = (1024, 2048, 4096)
_AMOUNT: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(vcpu|gb)?\s*")
# Processor units to the memory that they can have, in MiB.
SIZES: Final[dict[int, Sequence[int]]] = {
    256: (512, 1024, 2048),
    512: range(1024, 4096 + 1, 1024),
    1024: range(2048, 8192 + 1, 1024),
    2048: range(4096, 16384 + 1, 1024),
    4096: range(8192, 30720 + 1, 1024),
    8192: range(16384, 61440 + 1, 4096),
    16384: range(32768, 122880 + 1, 8192),
}


def units(value: object, unit: int) -> int | None:
    """Read "512", "1 vCPU" or "2 GB" as units or MiB; None if it is no whole number of them."""
    told = _AMOUNT.fullmatch(str(value).lower())
    amount = number(told[1]) if told else None
    if told is None or amount is None:
        return None
    whole = amount * unit if told[2] else amount
    return int(whole) if whole == int(whole) else None


def smallest_fitting(cpu_units: int, memory_mib: int) -> tuple[int, int] | None:
    """The smallest pair with at least this much of both; None if there is none."""
    fitting = (
        (cpu, memory)
        for cpu, memories in SIZES.items()
        for memory in memories
        if cpu >= cpu_units and memory >= memory_mib
    )
    return next(fitting, None)


def size_of(definition: ResourceChange) -> tuple[int, int] | None:
    """Processor units and MiB of a task definition; None if the plan does not tell."""
    readings = [definition.after.get(name).reading for name in ("cpu", "memory")]
    if not all(isinstance(each, Known) for each in readings):
        return None
    cpu, memory = (each.value for each in readings if isinstance(each, Known))
    told = units(cpu, UNITS_PER_PROCESSOR), units(memory, MIB_PER_GB)
    return None if told[0] is None or told[1] is None else (told[0], told[1])


def on_fargate(definition: ResourceChange) -> bool | None:
    """Whether a task definition is made for Fargate; None if apply decides."""
    place = definition.after.get("requires_compatibilities")
    if place.reading is UNKNOWN:
        return None
    return Known(FARGATE) in [each.reading for each in place.elements()]


def are_offered(definitions: Sequence[ResourceChange]) -> Judgement:
    """Judge whether the processor and the memory of each task for Fargate make a pair that it offers.

    Terraform plans any pair; AWS refuses the wrong ones while the change is applied, half of it done.
    """
    examined = [each for each in definitions if on_fargate(each) is not False]
    return judge((each.address for each in examined), map(_offered, examined))


def _offered(definition: ResourceChange) -> Finding | None:
    size = size_of(definition)
    expected = "a pair of processor and memory that Fargate offers"
    remedy = "take a pair of the table in the ECS Developer Guide, such as 512 and 1024"
    if size is not None and size[1] in SIZES.get(size[0], ()):
        refused = _is_refused_for_windows(definition, size[0])
        if refused is not False:
            place = definition.after.get("runtime_platform")
            windows = "for Windows" if refused else "perhaps for Windows"
            observed = f"cpu is {definition.after.get('cpu').shown}, {windows}"
            sure = refused and on_fargate(definition)
            verdict = Verdict.VIOLATED if sure else Verdict.UNDETERMINED
            return found(definition, place, verdict, expected, observed=observed, remedy=remedy)
        if on_fargate(definition):
            return None
        place, verdict = definition.after.get("requires_compatibilities"), Verdict.UNDETERMINED
        return found(definition, place, verdict, expected, remedy=remedy)
    cpu, memory = (definition.after.get(name) for name in ("cpu", "memory"))
    open_ones = UNKNOWN in (cpu.reading, memory.reading) or on_fargate(definition) is None
    verdict = Verdict.UNDETERMINED if open_ones else Verdict.VIOLATED
    observed = f"cpu is {cpu.shown} and memory is {memory.shown}"
    return found(definition, cpu, verdict, expected, observed=observed, remedy=remedy)


def _is_refused_for_windows(definition: ResourceChange, cpu: int) -> bool | None:
    """Whether the task runs on Windows, for which Fargate offers fewer sizes and no Arm64."""
    platform = definition.after.get("runtime_platform", 0)
    architecture = platform.get("cpu_architecture").reading
    on_windows = runs_on_windows(definition)
    refused = cpu not in WINDOWS_PROCESSORS or architecture == Known("ARM64")
    if on_windows is False or not (refused or architecture is UNKNOWN):
        return False
    return True if on_windows and refused else None


def containers_fit(definitions: Sequence[ResourceChange]) -> Judgement:
    """Judge whether what the containers of each task ask for fits into the task.

    Processor units and reserved memory add up; the hard limit of a container, which is at most the
    memory of the task, is reserved where no reservation stands. Source: Amazon ECS API,
    ContainerDefinition, memory and memoryReservation.
    """
    return judge((each.address for each in definitions), map(_fits, definitions))


def _fits(definition: ResourceChange) -> Finding | None:
    inside, size = containers(definition), size_of(definition)
    place = definition.after.get("container_definitions")
    expected = "containers that ask for no more than the task has"
    if not inside or size is None:
        observed = "the containers are known after apply" if not inside else "the size is not known"
        return found(definition, place, Verdict.UNDETERMINED, expected, observed=observed)
    cpu, memory = size
    asked = (
        ("cpu", "processor units", _sum(inside, "cpu"), cpu),
        ("memoryReservation", "MiB reserved", _reserved(inside), memory),
        ("memory", "MiB as the limit of one container", _most(inside, "memory"), memory),
    )
    over = [f"{amount} {words} of {most}" for _, words, amount, most in asked if (amount or 0) > most]
    if over:
        observed = ", ".join(over)
        remedy = "lower what the containers ask for, or take the next size"
        return found(definition, place, Verdict.VIOLATED, expected, observed=observed, remedy=remedy)
    open_ones = [name for name, _, amount, _ in asked if amount is None]
    if open_ones:
        observed = f"{open_ones[0]} of a container is not known"
        return found(definition, place, Verdict.UNDETERMINED, expected, observed=observed)
    return None


def _figures(inside: Sequence[Value], name: str) -> list[int | None]:
    """One figure of each container; nothing said is 0, and what is no number is None."""
    found_: list[int | None] = []
    for container in inside:
        reading = container.get(name).reading
        if reading in (NULL, ABSENT):
            found_.append(0)
            continue
        figure = number(reading.value) if isinstance(reading, Known) else None
        found_.append(None if figure is None else int(figure))
    return found_


def _sum(inside: Sequence[Value], name: str) -> int | None:
    figures = _figures(inside, name)
    known = [each for each in figures if each is not None]
    return None if len(known) < len(figures) else sum(known)


def _reserved(inside: Sequence[Value]) -> int | None:
    """The memory that all containers together reserve; None if that is not known."""
    soft, hard = _figures(inside, "memoryReservation"), _figures(inside, "memory")
    each = [
        limit if reservation == 0 else reservation for reservation, limit in zip(soft, hard, strict=True)
    ]
    known = [figure for figure in each if figure is not None]
    return None if len(known) < len(each) else sum(known)


def _most(inside: Sequence[Value], name: str) -> int | None:
    figures = _figures(inside, name)
    known = [each for each in figures if each is not None]
    return None if len(known) < len(figures) else max(known, default=0)
