"""Both runners of Checkov, each in a warm process, and what they say about the same plan."""

import json
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, NamedTuple, Self

from planspec import bundle
from planspec.checkov import interpreter_of
from planspec.checkov.process import _WORKER, _environment, _readable
from planspec.syntax import utf8

_SERVER = bundle.ROOT / "tests" / "support" / "checkov_worker_server.py"
Outcome = tuple[str, str, str, tuple[str, ...], bool]
"""A check, an address, a result, what the check says it looked at, and whether it is a graph check."""


class Compared(NamedTuple):
    """What both said about one plan."""

    name: str
    outcomes: int
    missing: Counter[Outcome]
    """What only stock says."""
    added: Counter[Outcome]
    """What only fast says."""
    unsupported: str
    """Why fast stepped back."""
    error: str
    """What kept stock from an answer."""
    stock_seconds: float
    fast_seconds: float

    @property
    def same(self) -> bool:
        """Whether the two multisets are equal."""
        return not self.missing and not self.added


class Runners:
    """The processes: stock, fast, and fast with a fault in it. Leaving the `with` block ends them."""

    def __init__(self, checkov: Path) -> None:
        python = interpreter_of(checkov)
        assert python is not None, f"{checkov} names no Python"
        self._python = python
        self._folder = TemporaryDirectory(prefix="planspec-")
        self._processes = {runner: self._serve(runner) for runner in ("stock", "fast")}

    def _serve(self, runner: str) -> "subprocess.Popen[str]":
        checks = str(bundle.POLICIES / "checkov")
        return subprocess.Popen(
            [str(self._python), "-I", str(_SERVER), str(_WORKER), runner, checks],
            env=_environment(Path(self._folder.name)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._processes.values():
            process.kill()
            process.communicate()
        self._folder.cleanup()

    def compare(self, name: str, plan: bytes, fault: str = "") -> Compared:
        """Ask both about plan JSON, on one line, as Terraform writes it; `fault` breaks fast first."""
        runner = f"fast:{_written(fault, self._folder.name)}" if fault else "fast"
        if runner not in self._processes:
            self._processes[runner] = self._serve(runner)
        path = Path(self._folder.name, "plan.json")
        path.write_bytes(_readable(_on_one_line(utf8(plan, name))))
        for process in (self._processes["stock"], self._processes[runner]):
            assert process.stdin is not None
            process.stdin.write(f"{path}\n")
            process.stdin.flush()
        stock, fast = _told(self._processes["stock"]), _told(self._processes[runner])
        expected, found = _counted(stock), _counted(fast)
        unsupported = str(fast.get("unsupported", ""))
        if unsupported or "error" in stock:
            found = expected
        return Compared(
            name,
            expected.total(),
            expected - found,
            found - expected,
            unsupported,
            str(stock.get("error", "")),
            stock["seconds"],
            fast["seconds"],
        )


def _on_one_line(plan: bytes) -> bytes:
    """The plan as `terraform show -json` prints it; a file that is no JSON stays as it is."""
    try:
        return json.dumps(json.loads(plan), ensure_ascii=False).encode("utf-8", "surrogatepass")
    except ValueError:
        return plan


def _written(fault: str, folder: str) -> Path:
    """A file that puts a fault of `checkov_breakage` in."""
    path = Path(folder, f"{fault}.py")
    text = Path(__file__).with_name("checkov_breakage.py").read_text(encoding="utf-8")
    path.write_text(f'{text}\n\nFAULTS["{fault}"]()\n', encoding="utf-8")
    return path


def _told(process: "subprocess.Popen[str]") -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "a runner has ended"
    told: dict[str, Any] = json.loads(line)
    return told


def _counted(told: dict[str, Any]) -> Counter[Outcome]:
    if "error" in told:
        return Counter({("error", "", told["error"], (), False): 1})
    return Counter(
        (check, address, result, tuple(keys), graph)
        for check, address, result, keys, graph in told.get("outcomes", ())
    )


def summary(compared: Iterable[Compared]) -> str:
    """One line: how many plans, outcomes, differences, and how long each runner took."""
    every = list(compared)
    return (
        f"{len(every)} plans, {sum(each.outcomes for each in every)} outcomes,"
        f" {sum(not each.same for each in every)} differ,"
        f" {sum(bool(each.unsupported) for each in every)} left to stock,"
        f" {sum(bool(each.error) for each in every)} refused by stock;"
        f" CPU stock {sum(each.stock_seconds for each in every):.1f} s,"
        f" fast {sum(each.fast_seconds for each in every):.1f} s"
    )
