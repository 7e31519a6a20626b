"""What is wrong with a step module: does each phrase lead to one judgement, and to nothing else?"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from planspec.features.own_steps import StepFile
from planspec.testing.lint.problem import Problem

_KEYWORDS: Final = frozenset({"given", "when", "then", "step"})
_FORBIDDEN: Final = frozenset({"hypothesis", "pytest", "unittest", "steps", "tests"})
_OUTSIDE: Final = frozenset({"os", "pathlib", "subprocess", "io", "requests", "socket", "json"})
_DECISIONS: Final = (ast.If, ast.For, ast.While, ast.Match, ast.Try, ast.IfExp)


def problems(files: Iterable[StepFile]) -> Iterator[Problem]:
    """Yield what is wrong with step modules. They are read, not run."""
    seen: dict[tuple[str, str], str] = {}
    for _, path, data in files:
        try:
            module = ast.parse(data)
        except (SyntaxError, UnicodeDecodeError, ValueError) as error:
            line = getattr(error, "lineno", 1) or 1
            yield Problem(str(path), line, "step-not-python", f"not read: {type(error).__name__}")
            continue
        yield from _imports(path, module)
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _phrases(node):
                yield from _step(path, node)
                yield from _twice(path, node, seen)


def _imports(path: Path, module: ast.Module) -> Iterator[Problem]:
    for node in ast.walk(module):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        else:
            names = ["steps" if node.level else node.module or ""]
        for name in names:
            first = name.partition(".")[0]
            if first in _FORBIDDEN:
                text = f"imports {name}; steps connect words to judgements"
                yield Problem(str(path), node.lineno, "step-imports", text)
            elif first in _OUTSIDE:
                text = f"imports {name}; everything comes from the plan and the policies"
                yield Problem(str(path), node.lineno, "step-reads-files", text)


def _phrases(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[tuple[str, str]]:
    """The keyword and the text of each phrase that the function defines."""
    found = []
    for each in node.decorator_list:
        name = each.func.id if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) else ""
        if name in _KEYWORDS and isinstance(each, ast.Call):
            texts = [
                part.value
                for argument in each.args[:1]
                for part in ast.walk(argument)
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            ]
            found.append((name, texts[0] if texts else ""))
    return found


def _step(path: Path, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Problem]:
    def problem(rule: str, text: str, line: int = node.lineno) -> Problem:
        return Problem(str(path), line, rule, f"{node.name} {text}")

    if isinstance(node, ast.AsyncFunctionDef):
        yield problem("step-is-async", "is async; it would pass without being run")
    if not ast.get_docstring(node):
        yield problem("step-without-docstring", "has no docstring")
    inner = [each for each in ast.walk(node) if each is not node]
    for each in inner:
        if isinstance(each, ast.Assert):
            yield problem("step-asserts", "asserts; uphold a judgement instead", each.lineno)
        if isinstance(each, _DECISIONS):
            yield problem("step-decides", "decides; let a judgement do that", each.lineno)
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == "open":
            yield problem("step-reads-files", "opens a file", each.lineno)
    upholds = any(
        isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == "uphold"
        for each in inner
    )
    if any(keyword == "then" for keyword, _ in _phrases(node)) and not upholds:
        yield problem("step-judges-nothing", "is a Then and upholds nothing")


def _twice(
    path: Path, node: ast.FunctionDef | ast.AsyncFunctionDef, seen: dict[tuple[str, str], str]
) -> Iterator[Problem]:
    for keyword, text in _phrases(node):
        key = (keyword, " ".join(text.lower().split()))
        if key in seen:
            told = f'"{text}" is also defined in {seen[key]}; pytest-bdd takes one without a word'
            yield Problem(str(path), node.lineno, "step-defined-twice", told)
        seen.setdefault(key, f"{path.name}:{node.lineno}")
