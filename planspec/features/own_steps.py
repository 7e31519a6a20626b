"""Which Python steps of the user's own are loaded?

They are code, so only what somebody names is loaded, from the bytes whose digest the record keeps.
pytest is given the phrases alone; a fixture, a hook, and a phrase that means one of ours are refused.
"""

import ast
import contextlib
import importlib.util
import io
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final, NamedTuple

import pytest

from planspec.errors import FeatureError
from planspec.features import phrases
from planspec.features.endings import files_below
from planspec.features.own_phrases import clash, wrong

# How the name of such a module begins: it is made from a file, and part of no package.
OWN_FILE: Final = "planspec own step file: "
_FIXTURE: Final = type(pytest.fixture(lambda: None))


class StepFile(NamedTuple):
    """One file of steps: its place in what was named, its path, and what it says."""

    place: str
    path: Path
    data: bytes


class BrokenSteps(FeatureError):
    """A file of steps that cannot stand beside ours: where, and why."""

    def __init__(self, path: Path, line: int, why: str) -> None:
        super().__init__(f"{path}:{line}: {why}")
        self.path, self.line, self.why = path, line, why


@dataclass(frozen=True, eq=False)
class Own:
    """The own steps of a run: their files, and what pytest-bdd knows of each phrase, by its mark."""

    files: tuple[StepFile, ...] = ()
    contexts: Mapping[Callable[[], Any], Any] = field(default_factory=dict)

    @property
    def plugin(self) -> ModuleType:
        """A pytest plugin that has these phrases and nothing else of their files."""
        made = ModuleType("planspec own steps")
        for number, mark in enumerate(self.contexts):
            name = f"own_step_{number}"
            setattr(made, name, pytest.fixture(name=name)(mark))
        return made


NONE: Final = Own()
_active: list[Own] = [NONE]


def is_own(function: Callable[..., object]) -> bool:
    """Whether it is the function of a step of the user's own."""
    return function.__module__.startswith(OWN_FILE)


def files(paths: Sequence[Path]) -> tuple[StepFile, ...]:
    """Return the files that are named, folders searched at any depth; none of them is run.

    Raises FeatureError for a path that does not exist, is no Python file or holds none.
    """
    found: dict[Path, StepFile] = {}
    for path in paths:
        inside = sorted(_below(path)) if path.is_dir() else [path]
        if not path.exists() or not inside or any(each.suffix != ".py" for each in inside):
            what = "does not exist" if not path.exists() else "holds no .py file"
            what = what if path.is_dir() or not path.exists() else "is no .py file"
            raise FeatureError(f"--steps {path}: {what}; name a file of Python steps, or a folder")
        for each in inside:
            place = each.relative_to(path).as_posix() if path.is_dir() else path.name
            found.setdefault(each.resolve(), StepFile(place, each, _read(each)))
    return tuple(found.values())


def _below(folder: Path) -> Iterator[Path]:
    """Python files at any depth, also behind links."""
    return (path for path in files_below(folder) if path.name.endswith(".py"))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FeatureError(f"--steps {path}: {error.strerror}; name a file that can be read") from error


def load(paths: Sequence[Path]) -> Own:
    """Run the files that are named, and return their phrases, which are not in force yet.

    Raises BrokenSteps, which names file and line, for one that cannot be run, defines no step, or
    defines what may not stand beside ours.
    """
    phrases.load()
    found = files(paths)
    with in_force(NONE):  # those that another holder has loaded are not ours
        return Own(found, _phrases_of(found)) if found else NONE


def _phrases_of(found: Sequence[StepFile]) -> Mapping[Callable[[], Any], Any]:
    """Run files; return what pytest-bdd knows of each of their phrases, by its mark."""
    made = [(each, _executed(each)) for each in found]
    handed_on = {
        context.target_fixture
        for _, contexts in made
        for context in contexts.values()
        if context.type == "given" and context.target_fixture
    }
    every: dict[Callable[[], Any], Any] = {}
    for file, contexts in made:
        for mark, context in contexts.items():
            function = context.step_func
            if not _stands_in(function, file):
                raise BrokenSteps(
                    file.path, 1, f'"{context.parser.name}" is not a function of this file'
                )
            line = function.__code__.co_firstlineno
            try:
                problem = wrong(context, handed_on) or clash(context, list(every.values()))
            except Exception as error:  # noqa: BLE001 (of a type or pattern in its words)
                problem = f"its words cannot be read: {type(error).__name__}"
            if problem:
                raise BrokenSteps(file.path, line, f"{function.__name__}: {problem}")
            every[mark] = context
    return every


@contextlib.contextmanager
def in_force(own: Own) -> Iterator[None]:
    """While this lasts, these own phrases mean something, and those of no other run do."""
    before = _active[0]
    _exchange(before, own)
    try:
        yield
    finally:
        _exchange(own, before)


def _exchange(old: Own, new: Own) -> None:
    if old is new:
        return
    registry = _registry()
    for mark in old.contexts:
        registry.pop(mark, None)
    registry.update(new.contexts)
    _active[0] = new
    phrases.forget()


def _registry() -> Any:
    from pytest_bdd.steps import step_function_context_registry

    return step_function_context_registry


def _executed(file: StepFile) -> dict[Callable[[], Any], Any]:
    """Run a file; return what it defines, by its mark, and leave the registry as it was."""
    code = _compiled(file)
    module = ModuleType(f"{OWN_FILE}{file.place}")
    module.__file__ = str(file.path)
    sys.modules[module.__name__] = module
    registry = _registry()
    before = dict(registry)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code, module.__dict__)  # noqa: S102 (what --steps names is code, and is to be run)
        found = {mark: each for mark, each in registry.items() if mark not in before}
        changed = any(registry.get(mark) is not each for mark, each in before.items())
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever code raises, also SystemExit
        raise BrokenSteps(file.path, _line_in(file, error), _raised(error)) from error
    finally:
        registry.clear()
        registry.update(before)
    if changed:
        raise BrokenSteps(file.path, 1, "takes away phrases of planspec; define your own in addition")
    _require_only_steps(file, module, empty=not found)
    return found


def _compiled(file: StepFile) -> CodeType:
    """What Python makes of the bytes; nothing that it has kept of an earlier time is taken."""
    try:
        tree = ast.parse(file.data, str(file.path))
        code = compile(tree, str(file.path), "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line, text = getattr(error, "lineno", None) or 1, getattr(error, "msg", "") or str(error)
        raise BrokenSteps(file.path, line, f"is not valid Python: {text}") from error
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "" if not node.level else ""]
        else:
            continue
        for name in names:
            if not name or _lies_about(name.partition(".")[0], file):
                what = f"imports {name or 'from its own folder'}, which the record would not hold"
                raise BrokenSteps(file.path, node.lineno, f"{what}; put it into the same file")
    return code


def _lies_about(name: str, file: StepFile) -> bool:
    """Whether a module is a file beside the steps or in the working folder, and not installed."""
    if name == "planspec" or name in sys.stdlib_module_names:
        return False
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return False
    folders = (Path.cwd().resolve(), file.path.resolve().parent)
    if spec is None:
        return any((each / name).is_dir() or (each / f"{name}.py").is_file() for each in folders)
    places = [spec.origin or "", *(spec.submodule_search_locations or ())]
    return any(
        Path(each).resolve().is_relative_to(folder)
        and not {"site-packages", "dist-packages"} & set(Path(each).parts)
        for each in places
        if each and Path(each).is_absolute()
        for folder in folders
    )


def _line_in(file: StepFile, error: BaseException) -> int:
    """The last line of the file that an error went through."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [each.lineno for each in frames if each.filename == str(file.path)]
    return (lines[-1] if lines else None) or 1


def _raised(error: BaseException) -> str:
    """What happened while a file was loaded. No plan is read by then that its text could quote."""
    if isinstance(error, ImportError) and error.name:
        return f'cannot import "{error.name}"; install it where planspec is installed'
    text = " ".join(str(error).split())
    return f"cannot be loaded: {type(error).__name__}{f': {text}' if text else ''}"


def _require_only_steps(file: StepFile, module: ModuleType, *, empty: bool) -> None:
    """Refuse a file with a hook, a fixture or no step: pytest would obey it, or nothing would."""
    for name, value in vars(module).items():
        hook = name == "pytest_plugins" or (name.startswith("pytest_") and callable(value))
        fixture = isinstance(value, _FIXTURE) and not name.startswith("pytestbdd_stepdef_")
        if hook or fixture:
            what = "a hook of pytest" if hook else "a fixture of pytest"
            why = f"{name} is {what}; own steps are steps and plain functions alone"
            raise BrokenSteps(file.path, _line_of(value), why)
    if empty and (file.path.name != "__init__.py" or file.data.strip()):
        raise BrokenSteps(
            file.path, 1, "defines no step; write @given, @when or @then of pytest_bdd above a function"
        )


def _line_of(value: Any) -> int:
    function = getattr(value, "_fixture_function", value)
    code = getattr(function, "__code__", None)
    return int(code.co_firstlineno) if code else 1


def _stands_in(function: object, file: StepFile) -> bool:
    return (
        isinstance(function, FunctionType)
        and function.__module__ == f"{OWN_FILE}{file.place}"
        and function.__code__.co_filename == str(file.path)
    )
