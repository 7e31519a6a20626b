"""Which of several unions of patterns can match one and the same text?

The product of their automata, walked on the fly and breadth first, so that the first text of each kind
is the shortest. A state is the set of the positions that are alive: a pattern that can no longer match
costs nothing. Source: any textbook on finite automata, "subset construction".
"""

import itertools
from collections.abc import Iterable, Sequence
from typing import Final

from planspec.access.patterns import (
    ANY_ONE,
    ANY_RUN,
    EITHER_CASE,
    ONE_IN_PART,
    RUN_IN_PART,
    Pattern,
    matches,
)
from planspec.access.policy import Texts

MOST_STATES: Final = 60_000
MOST_POSITIONS: Final = 250_000
MOST_SETS: Final = 4_000
_SPARE: Final = "0123456789abcdefghijklmnopqrstuvwxyz-_/.:"


class TooMany(Exception):
    """There are more cases than are looked at."""


class Budget:
    """How much may still be looked at, over all walks of one question."""

    def __init__(self, states: int = MOST_STATES, positions: int = MOST_POSITIONS) -> None:
        self.states, self.positions = states, positions

    def spend(self, positions: int) -> None:
        """Count one state with so many positions."""
        self.states -= 1
        self.positions -= positions
        if self.states < 0 or self.positions < 0:
            raise TooMany


Kinds = dict[frozenset[int], str]
_State = frozenset[int]


class Walk:
    """One walk: the first unions must match, and it is asked which of the others do."""

    def __init__(
        self, wanted: Sequence[Texts], others: Sequence[Texts], budget: Budget, *, fewest: bool,
        spare: str = _SPARE,
    ) -> None:  # fmt: skip
        self.must, self.budget, self.fewest = len(wanted), budget, fewest
        self.unions = [*wanted, *others]
        self.tokens: list[str] = []
        self.owner: list[int] = []
        self.first: list[int] = []
        self.found: Kinds = {}
        starts: list[int] = []
        for number, union in enumerate(self.unions):
            for each in sorted(union.patterns):
                starts.append(len(self.tokens))
                self._add(each, number)
        self.start = starts
        self.spare = _first_unnamed(spare, self.tokens)

    def _add(self, pattern: Pattern, owner: int) -> None:
        begin = len(self.tokens)
        for token in (*pattern, ""):  # the empty token is the end
            self.tokens.append(token)
            self.owner.append(owner)
            self.first.append(begin)

    def kinds(self) -> Kinds:
        """Return one text for each set of the others that match it, or for the smallest sets only."""
        listed = self._listed()
        if listed is not None:
            return listed
        seen: set[_State] = set()
        level = [(self._settled(self.start), "")]
        while level:
            following: list[tuple[_State, str]] = []
            for state, text in level:
                if state in seen or not self._is_worth_it(state):
                    continue
                seen.add(state)
                self.budget.spend(len(state))
                self._take(state, text)
                if self.fewest and frozenset() in self.found:
                    return self.found
                following += (
                    (self._next(state, letter), text + letter) for letter in self._letters(state)
                )
            level = following
        return self.found

    def _listed(self) -> Kinds | None:
        """Return the first text of a union that lists texts, where nothing else is asked."""
        if self.must < len(self.unions):
            return None
        lists = (each.patterns for each in self.unions if not each.left_out)
        listed = next(filter(_are_texts, lists), None)
        if listed is None:
            return None
        texts = sorted(map("".join, listed), key=lambda text: (len(text), text))
        fitting = (text for text in texts if all(_holds(each, text) for each in self.unions))
        return {frozenset(): text for text in itertools.islice(fitting, 1)}

    def _settled(self, positions: Iterable[int]) -> _State:
        """Add where runs may be empty, and drop what says nothing more.

        A later run of a pattern can do whatever an earlier position of it can; a union that has reached
        a run at its end is decided, which is kept as one number below zero.
        """
        alive: set[int] = set()
        run: dict[int, int] = {}
        decided: set[int] = set()
        for each in positions:
            at = each
            while True:
                if at < 0:
                    decided.add(-at - 1)
                    break
                token = self.tokens[at]
                alive.add(at)
                if token == ANY_RUN:
                    if not self.tokens[at + 1]:
                        decided.add(self.owner[at])
                        break
                    run[self.first[at]] = max(run.get(self.first[at], 0), at)
                elif token != RUN_IN_PART:
                    break
                at += 1
        return frozenset(
            [
                *(
                    at
                    for at in alive
                    if at >= run.get(self.first[at], 0) and self.owner[at] not in decided
                ),
                *(-number - 1 for number in decided),
            ]
        )

    def _is_worth_it(self, state: _State) -> bool:
        """Whether the first unions can still match, and no smaller set is known."""
        alive = {self.owner[at] for at in state if at >= 0}
        decided = {-at - 1 for at in state if at < 0}
        for number in range(self.must):
            if self.unions[number].left_out:
                if number in decided:
                    return False
            elif number not in alive and number not in decided:
                return False
        if not self.fewest or not self.found:
            return True
        least = frozenset(
            number - self.must
            for number in range(self.must, len(self.unions))
            if (number in decided and not self.unions[number].left_out)
            or (self.unions[number].left_out and number not in decided and number not in alive)
        )
        return not any(each <= least for each in self.found)

    def _take(self, state: _State, text: str) -> None:
        matched = {self.owner[at] for at in state if at >= 0 and not self.tokens[at]}
        matched |= {-at - 1 for at in state if at < 0}
        holding = {n for n, union in enumerate(self.unions) if (n in matched) is not union.left_out}
        if any(number not in holding for number in range(self.must)):
            return
        kind = frozenset(number - self.must for number in holding if number >= self.must)
        if self.fewest and any(each <= kind for each in self.found):
            return
        self.found.setdefault(kind, text)
        if len(self.found) > MOST_SETS:
            raise TooMany

    def _letters(self, state: _State) -> list[str]:
        """Return the letters that make a difference here, and one that nobody names."""
        alive = [self.tokens[at] for at in state if at >= 0]
        if not alive:
            return []
        named: set[str] = set()
        for token in alive:
            if len(token) == 1:
                named.add(token)
            elif token in {RUN_IN_PART, ONE_IN_PART}:
                named.add(":")
            elif token.startswith(EITHER_CASE):
                named.update(token[1:])
        return [*sorted(named), self.spare]

    def _next(self, state: _State, letter: str) -> _State:
        on: list[int] = []
        for at in state:
            if at < 0:
                on.append(at)
                continue
            token = self.tokens[at]
            if token == ANY_RUN or (token == RUN_IN_PART and letter != ":"):
                on.append(at)
            elif _takes(token, letter):
                on.append(at + 1)
        return self._settled(on)


def _are_texts(patterns: Iterable[Pattern]) -> bool:
    return all(len(token) == 1 for each in patterns for token in each)


def _holds(union: Texts, text: str) -> bool:
    return any(matches(each, text) for each in union.patterns) is not union.left_out


def _takes(token: str, letter: str) -> bool:
    if token.startswith(EITHER_CASE) and len(token) > 1:
        return letter in token[1:]
    return token in {letter, ANY_ONE} or (token == ONE_IN_PART and letter != ":")


def _first_unnamed(spare: str, tokens: Sequence[str]) -> str:
    named = {letter for token in tokens for letter in token}
    for letter in spare:
        if letter not in named:
            return letter
    return next(letter for letter in map(chr, range(0xE000, 0xF8FF)) if letter not in named)
