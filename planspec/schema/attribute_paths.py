"""Does a path lead anywhere in a type, by the schema of its provider?"""

from collections.abc import Iterator, Sequence

from planspec.plan import ANY_CHILD, ANYWHERE, EVERY, Step, written
from planspec.schema.provider import Index, Shape
from planspec.syntax import did_you_mean


def problem_of(index: Index, number: int, kind: str, steps: Sequence[Step]) -> str:
    """What is wrong with a path into this block of a type; "" if nothing is, or nobody can tell."""
    return _Walk(index, kind).problem(Shape((), number), steps)


class _Walk:
    """A walk along a path through the blocks of one type."""

    def __init__(self, index: Index, kind: str) -> None:
        self._index = index
        self._kind = kind
        self._so_far = ""

    def problem(self, shape: Shape, steps: Sequence[Step]) -> str:
        """What is wrong with the path; "" if nothing is, or if it enters a text or a free value."""
        for place, step in enumerate(steps):
            if step == ANY_CHILD:
                return ""
            if step == ANYWHERE:
                return self._nowhere(shape, steps[place + 1 :])
            if not isinstance(step, tuple):
                shape = shape.inner if shape.around else shape
                self._so_far += "[*]" if step == EVERY else f"[{step}]"
                continue
            found = self._enter(shape, step, steps[place:])
            if not isinstance(found, Shape):
                return found
            shape = found
        return ""

    def _enter(self, shape: Shape, asked: tuple[str, ...], rest: Sequence[Step]) -> Shape | str:
        """What stands under these names, or what is wrong; "" where nobody can tell."""
        if shape.around[:1] == ("map",):
            return shape.inner
        if shape.around:
            path = written([EVERY, *rest])
            return f'{self._so_far} is a {shape.around[0]}; write "{self._so_far}{path}"'
        if not isinstance(shape.leaf, int):
            inside = f"{self._so_far} is a {shape.leaf}, with nothing inside"
            return "" if shape.leaf in {"string", "dynamic"} else inside
        block = self._index.block(shape.leaf)
        known = [name for name in asked if name in block]
        if not known:
            where = f"{self._so_far} of {self._kind}" if self._so_far else self._kind
            return f'{where} has no attribute "{asked[0]}"{did_you_mean(asked[0], block)}'
        self._so_far += f".{known[0]}" if self._so_far else known[0]
        return block[known[0]]

    def _nowhere(self, shape: Shape, rest: Sequence[Step]) -> str:
        """A name that stands nowhere below; a text may hold any, so only a near one is a slip."""
        first = rest[0] if rest else EVERY
        below = set(self._names_below(shape)) if isinstance(first, tuple) else set()
        if not isinstance(first, tuple) or below.intersection(first):
            return ""
        near = did_you_mean(first[0], below)
        return f'{self._kind} has "{first[0]}" nowhere{near}' if near else ""

    def _names_below(self, shape: Shape) -> Iterator[str]:
        open_blocks, seen = [shape.leaf], set()
        while open_blocks:
            leaf = open_blocks.pop()
            if isinstance(leaf, int) and leaf not in seen:
                seen.add(leaf)
                yield from self._index.block(leaf)
                open_blocks += [each.leaf for each in self._index.block(leaf).values()]
