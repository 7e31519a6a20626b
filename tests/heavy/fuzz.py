"""Does anything make the reader fail other than with a message of its own?

    python tests/heavy/fuzz.py [SECONDS]

Real plans, and files that people take for plans, are changed by Hypothesis: bytes and whole parts are
cut, doubled, swapped and replaced by what Terraform would never write. Each result is read, and what
was read is walked and asked to the end. It must become a plan, or one line that names the file. A
traceback, more than `LONGEST_SECONDS` of work or more than `MOST_MEMORY` of memory is a fault:
Hypothesis makes the example small, and its bytes are kept in `.hypothesis/`.
"""

import contextlib
import copy
import gzip
import json
import math
import os
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from planspec import Plan, decode
from planspec.errors import PlanError, PlanspecError
from planspec.judgements.generic import relations, resources, selections
from planspec.plan import admission
from planspec.references import graph
from tests.golden import recipes

ROOT = Path(__file__).parents[2]
LARGEST_SEED = 300_000
LONGEST_SECONDS = 20.0
MOST_MEMORY = 2 * 1024**3
ROUND = 500
NAME = "mutated.json"
KEPT = ROOT / ".hypothesis" / "fuzz-failure"
# What a plan never holds in most places, and what other readers stumbled over.
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 2**53 + 1, 10**400, "", "\0", "\ud7ff", "a" * 5000, '{"a":', "[1]"),
    *([], {}, [None], [[]], [{}], {"": None}, {"a": {"a": []}}, [True], {"references": ["var.a"]}),
    *({"constant_value": None}, {"references": [None]}, {"references": ["module.m[", "a.b[0]["]}, "1.2"),
    *(
        "create",
        ["create"],
        ["delete", "create"],
        ["x"],
        "managed",
        "data",
        "module.a",
        'm["x"].y',
        "${a}",
    ),
)
TOKENS = (
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b'"',
        b"\\",
        b"\\u0022",
        b"\\ud800",
        b"\0",
        b"\xff",
        b"\xef\xbb\xbf",
    ),
    *(
        b"null",
        b"true",
        b"NaN",
        b"-Infinity",
        b"1e400",
        b"9" * 5000,
        b"[" * 3000,
        b'{"a":' * 3000,
        b"\n",
    ),
    *(b'"type":"x",', b'"address":1,', b'"mode":"data",', b"{}", b"[]", b"\x1f\x8b", b"PK\x03\x04"),
)


class Originals(tuple[bytes, ...]):
    """The files to start from, which Hypothesis need not write out in its messages."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} files>"


def seeds() -> Originals:
    """The files to start from: ours, and those of the corpus where it is."""
    folders = [ROOT / "plans"]
    named = os.environ.get("PLANSPEC_CORPUS")
    folders += [Path(named)] if named else [each / "shared" / "corpus" for each in ROOT.parents]
    found = sorted(path for folder in folders if folder.is_dir() for path in folder.rglob("*"))
    files = (path for path in found if path.is_file() and path.name != "index.csv")
    kept = (path for path in files if path.suffix not in {".py", ".tf", ".toml", ".yml", ".hcl"})
    every = [*(path.read_bytes() for path in kept), *(each.data for each in recipes.every())]
    return Originals(data for data in every if len(data) <= LARGEST_SEED)


class File(bytes):
    """The bytes of a file; a failing example is not printed, because it may be somebody's plan."""

    def __repr__(self) -> str:
        return f"<{len(self)} bytes, kept in {KEPT}>"


@st.composite
def mutated(draw: st.DrawFn, originals: Originals) -> File:
    """One of the originals, changed a few times as a tree and a few times as bytes."""
    data = originals[draw(st.integers(0, len(originals) - 1))]
    with contextlib.suppress(ValueError, RecursionError):
        tree = json.loads(data)
        for _ in range(draw(st.integers(0, 4))):
            tree = _changed_tree(draw, tree)
        data = json.dumps(tree, ensure_ascii=draw(st.booleans())).encode(errors="surrogatepass")
    for _ in range(draw(st.integers(0, 2))):
        data = _changed_bytes(draw, data)
    return File(_dressed(draw, data))


def _places(tree: Any) -> list[tuple[Any, Any]]:
    """Every part of a tree as its container and its key."""
    found: list[tuple[Any, Any]] = []
    open_parts = [tree]
    while open_parts:
        part = open_parts.pop()
        keys = part.keys() if isinstance(part, dict) else range(len(part))
        found += [(part, key) for key in keys]
        open_parts += [part[key] for key in keys if isinstance(part[key], dict | list)]
    return found


def _changed_tree(draw: st.DrawFn, tree: Any) -> Any:
    """Replace, delete, move or wrap one part of the tree."""
    if not isinstance(tree, dict | list):
        return copy.deepcopy(ODD[draw(st.integers(0, len(ODD) - 1))])
    places = _places(tree)
    if not places:
        return tree
    pick = st.integers(0, len(places) - 1)
    container, key = places[draw(pick)]
    match draw(st.sampled_from(["odd", "delete", "other", "wrap", "double", "rename"])):
        case "odd":
            container[key] = copy.deepcopy(ODD[draw(st.integers(0, len(ODD) - 1))])
        case "delete":
            del container[key]
        case "other":
            other, name = places[draw(pick)]
            container[key] = json.loads(json.dumps(other[name]))
        case "wrap":
            container[key] = [container[key]] if draw(st.booleans()) else {"a": container[key]}
        case "double" if isinstance(container, list):
            container.append(json.loads(json.dumps(container[key])))
        case "rename" if isinstance(container, dict):
            container[draw(st.text(max_size=4))] = container.pop(key)
        case _:
            container[key] = draw(st.text(max_size=8))
    return tree


def _changed_bytes(draw: st.DrawFn, data: bytes) -> bytes:
    """Cut, double, insert or overwrite somewhere in the bytes."""
    start = draw(st.integers(0, len(data)))
    end = min(len(data), start + draw(st.integers(0, 200)))
    match draw(st.sampled_from(["cut", "truncate", "double", "insert", "overwrite"])):
        case "cut":
            return data[:start] + data[end:]
        case "truncate":
            return data[:start]
        case "double":
            return data[:end] + data[start:]
        case "insert":
            return data[:start] + draw(st.sampled_from(TOKENS)) + data[start:]
        case _:
            return data[:start] + draw(st.binary(max_size=4)) + data[end:]


def _dressed(draw: st.DrawFn, data: bytes) -> bytes:
    """Now and then another encoding, a wrapper's noise, gzip, or the same again behind it."""
    dress = draw(st.integers(0, 39))
    text = data.decode("utf-8", "replace")
    dresses: dict[int, Callable[[], bytes]] = {
        1: lambda: text.encode("utf-16"),
        2: lambda: text.encode("utf-16-le"),
        3: lambda: text.encode("utf-16-be")[: draw(st.integers(0, 2 * len(text)))],
        4: lambda: b"\xef\xbb\xbf" + data,
        5: lambda: gzip.compress(data, 1),
        6: lambda: gzip.compress(data, 1)[: draw(st.integers(0, len(data)))],
        7: lambda: b"[command]terraform show\n" + data,
        8: lambda: data + b"\n" + data,
        9: lambda: text.replace('":', '" :').encode(),
        10: lambda: json.dumps(text).encode(),
    }
    return dresses.get(dress, lambda: data)()


def examine(plan: Plan) -> None:
    """Walk everything that a plan holds, and ask the generic vocabulary of some of it."""
    with contextlib.suppress(PlanError):
        admission.notice(plan)
    for section in ("configuration", "variables", "data_sources"):
        with contextlib.suppress(PlanError):
            getattr(plan, section)
    for change in plan.changes[:40]:
        for place in (change.after, change.before):
            assert place.shown.isprintable() or place.shown
            for _, inner in place.entries():
                assert inner.shown
                assert inner.sensitive in {True, False}
    with contextlib.suppress(PlanspecError):
        _ask(plan)


def _ask(plan: Plan) -> None:
    """References of every attribute, and a demand for each type."""
    for change in plan.changes[:40]:
        for name, _ in list(change.values.entries())[:40]:
            graph(plan).of(change, name)
            graph(plan).is_written(change, name)
    for kind in sorted({change.type for change in plan.changes})[:10]:
        selection = selections.of_type(plan, kind)
        for path in ("tags.Name", "$..id", "policy.Statement[*].Action"):
            with contextlib.suppress(PlanspecError):
                resources.hold(selection, "every", path, relations.equals("x"), "")


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """Stop what hangs."""

    def stop(_: int, __: FrameType | None) -> None:
        raise TimeoutError(f"more than {LONGEST_SECONDS} seconds")

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, LONGEST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def read(data: bytes) -> str:
    """Read one file as the command line does; gives what became of it."""
    try:
        with limited():
            plan = decode(data, NAME)
            examine(plan)
    except PlanError as error:
        message = str(error)
        assert message.startswith(NAME), "the message does not name the file"
        assert message.isprintable(), "the message is not one printable line"
        return type(error).__name__
    except BaseException:
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_bytes(data)
        raise
    return "read"


def main() -> None:
    """Fuzz for so many seconds, and say what became of the files."""
    allowed = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    originals = seeds()
    outcomes: Counter[str] = Counter()
    started = time.monotonic()
    number = math.floor(time.time())
    print(f"{len(originals)} files to start from; first seed {number}", flush=True)
    while time.monotonic() - started < allowed:
        _round(originals, number, outcomes)
        number += 1
        spent = time.monotonic() - started
        print(f"{spent:6.0f} s  {outcomes.total():>8} files  {dict(outcomes)}", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"no traceback, no hang; largest memory {peak:.0f} MB")


def _round(originals: Originals, number: int, outcomes: Counter[str]) -> None:
    @seed(number)
    @settings(
        max_examples=ROUND,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(mutated(originals))
    def every_file_is_read_or_refused(data: File) -> None:
        outcomes[read(data)] += 1

    every_file_is_read_or_refused()


if __name__ == "__main__":
    main()
