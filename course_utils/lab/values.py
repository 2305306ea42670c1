"""Answers that are numbers: what is right, and what each usual mistake makes of it.

All formulas of a question are looked at together. A number belongs to the formula that it comes
nearest to, within the tolerance, so a tolerance is never wider than the distance to a mistake;
cut or rounded digits are seen through; and a mistake is named only where no other formula
explains the number as well. A mistake that gives the right numbers on the data in use cannot be
told apart there: `Values.alike` says so, and the proof reports it.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from course_utils.lab import kinds
from course_utils.lab.answers import Answers
from course_utils.lab.question import Mistake

# A number's place among the answers: the name of a variable, or ("cost", "bedrooms") in a dict
Place = str | tuple[Any, ...]
# place -> number, or several numbers that all come from the same formula
Made = Mapping[Any, float | Sequence[float]]
Formula = Callable[[Answers], Made]

ROUNDED = "It is right, but for its digits; keep all of them and round only what you print."
_PLACES = 6  # decimals up to which a number may have been rounded or cut by hand
_SHORTENED = 0.12  # how far, as a part of it, cut or rounded digits may move a number


def near(value: Any, other: float, tolerance: float = 1e-4) -> bool:
    """Whether a number is another one, up to a part `tolerance` of it (1e-12 beside zero)."""
    return _apart(float(value), other) <= tolerance


def decimals(value: Any) -> int | None:
    """How many decimals a number has, if at most six; a computed one hardly has so few."""
    number = float(value)
    return next((n for n in range(_PLACES + 1) if number == round(number, n)), None)


def shortened(value: Any, other: float) -> bool:
    """Whether a number is another one, rounded or cut at one of its first six decimals."""
    number, places = float(value), decimals(value)
    if places is None or number == 0 or _apart(number, other) > _SHORTENED:
        return False
    return 0 < abs(number - other) < 10.0**-places * (1 - 1e-9)


def _digits(value: Any) -> int:
    """How many digits a number is written with, without zeros before and after them."""
    return len(f"{abs(float(value)):f}".replace(".", "").strip("0"))


@dataclass(frozen=True, eq=False)
class _Wrong:
    """A mistake as numbers."""

    id: str
    make: Formula
    found: str
    whole: bool  # explains an answer only if all of its numbers are there


@dataclass(frozen=True)
class _Fit:
    """How well a formula explains the answers that are not right."""

    id: str
    exact: int  # numbers that it gives
    close: int  # numbers that it gives but for their digits
    first: Place | None = None

    @property
    def rank(self) -> tuple[int, int]:
        return self.exact, self.close


@dataclass(frozen=True, eq=False)
class Values:
    """The numbers of one question.

    Args:
        right: (Answers) -> place -> the right number, or all that count as right, from the data
            in use. A place is the name of a variable, or ("cost", "bedrooms") for a value in a
            dict.
        tolerance: how far a right number may be off, as a part of it. What lies nearer to a
            mistake than to what is right is not right.
        scale: the places whose numbers are judged beside the largest of them, for differences
            that may come near zero.
    """

    right: Formula
    tolerance: float = 1e-4
    scale: tuple[Place, ...] = ()
    _wrong: list[_Wrong] = field(default_factory=list, init=False)

    def wrong(self, id: str, make: Formula, found: str, say: str, whole: bool = False) -> Mistake:
        """The mistake that gives these numbers.

        Args:
            id: as in `Mistake`.
            make: (Answers) -> place -> the wrong number or numbers, for the places that it spoils.
            found: goes on after "`name` = 12.3 "; may hold {name} and {value} to begin otherwise.
            say: the likely cause.
            whole: only if all places of `make` have its numbers, as for two that are swapped.
        """
        self._wrong.append(_Wrong(id, make, found, whole))
        return Mistake(id, lambda a: self._evidence(a, id), say, values=self)

    def swapped(self, one: Place, other: Place, found: str, say: str | None = None) -> Mistake:
        """Two numbers in each other's place."""

        def make(a: Answers) -> Made:
            right = self._due(a)
            return {one: right[other], other: right[one]}

        cause = say or "The two values went into each other's variable."
        return self.wrong("swapped", make, found, cause, whole=True)

    def rounded(self, say: str = ROUNDED) -> Mistake:
        """The mistake of too few digits."""
        return Mistake("rounded", self._rounded, say, values=self)

    def refuse(self, a: Answers) -> str | None:
        """The rule of the question: the first number that is not right."""
        for place, number in self._given(a).items():
            if not self._is_right(a, place, number):
                return f"{shown(place)} = {number:.6g} is not what is asked for"
        return None

    def alike(self, a: Answers) -> list[str]:
        """The mistakes that give the right numbers on the data in use, all of them."""
        right = {place: _several(due) for place, due in self._due(a).items()}
        found = []
        for wrong in self._wrong:
            made = {p: _several(v) for p, v in _made(a, wrong).items() if p in right}
            if made and all(
                any(self._fits(a, p, v, due) for v in values for due in right[p])
                for p, values in made.items()
            ):
                found.append(wrong.id)
        return found

    def inject(self, a: Answers, id: str) -> dict[Place, float]:
        """The numbers that a mistake gives, for the proof: {} where it gives none here."""
        wrong = next(w for w in self._wrong if w.id == id)
        right = self._due(a)
        made = {p: _several(v) for p, v in _made(a, wrong).items() if p in right}
        return {place: values[0] for place, values in made.items() if values}

    def _evidence(self, a: Answers, id: str) -> str | None:
        best = self._best(a)
        if best is None or best.id != id or best.first is None:
            return None
        number = self._given(a)[best.first]
        text = next(w.found for w in self._wrong if w.id == id)
        filled = text.format(name=shown(best.first), value=f"{number:.6g}")
        return filled if filled != text else f"{shown(best.first)} = {number:.6g} {text}"

    def _rounded(self, a: Answers) -> str | None:
        best = self._best(a)
        if best is None or best.id != "rounded" or best.first is None:
            return None
        number = self._given(a)[best.first]
        places = decimals(number)
        return f"{shown(best.first)} has {places} {'decimal' if places == 1 else 'decimals'}"

    def _best(self, a: Answers) -> _Fit | None:
        """The formula that explains what is wrong; None when nothing is, or none does alone."""
        return a.once(self, self._explain)

    def _explain(self, a: Answers) -> _Fit | None:
        given = self._given(a)
        off = {p: n for p, n in given.items() if not self._is_right(a, p, n)}
        if not off:
            return None
        right = {place: _several(due) for place, due in self._due(a).items()}
        fits = [self._fit(a, wrong, off, given) for wrong in self._wrong]
        digits = [p for p, n in off.items() if any(shortened(n, due) for due in right[p])]
        fits.append(_Fit("rounded", 0, len(digits), digits[0] if digits else None))
        fits = sorted((fit for fit in _merged(fits) if fit.first), key=lambda f: f.rank)
        if not fits:
            return None
        if len(fits) > 1 and fits[-1].rank == fits[-2].rank:
            tied = [fit for fit in fits if fit.rank == fits[-1].rank]
            return next((fit for fit in tied if fit.id == "rounded"), None)
        return fits[-1]

    def _fit(
        self, a: Answers, wrong: _Wrong, off: Mapping[Place, float], given: Mapping[Place, float]
    ) -> _Fit:
        made = {p: _several(v) for p, v in _made(a, wrong).items() if p in given}
        exact = [p for p, n in off.items() if any(self._fits(a, p, n, v) for v in made.get(p, ()))]
        # One digit is too little to tell whose it was
        close = [
            p
            for p, n in off.items()
            if p not in exact and _digits(n) > 1 and any(shortened(n, v) for v in made.get(p, ()))
        ]
        if wrong.whole and not set(made) <= {*exact, *close}:
            return _Fit(wrong.id, 0, 0)
        places = [p for p in off if p in {*exact, *close}]
        return _Fit(wrong.id, len(exact), len(close), places[0] if places else None)

    def _due(self, a: Answers) -> Made:
        return a.once((self, "right"), self.right)

    def _given(self, a: Answers) -> dict[Place, float]:
        return {place: float(_at(a, place)) for place in self._due(a)}

    def _is_right(self, a: Answers, place: Place, number: float) -> bool:
        """Within the tolerance of what is right, and no mistake nearer."""
        dues = _several(self._due(a)[place])
        if not any(self._fits(a, place, number, due) for due in dues):
            return False
        distance = min(abs(number - due) for due in dues)
        for wrong in self._wrong:
            for value in _several(_made(a, wrong).get(place, ())):
                # what gives a right number is no mistake on these rows
                if any(abs(value - due) <= 1e-9 * max(abs(due), 1e-3) for due in dues):
                    continue
                if abs(number - value) < distance:
                    return False
        return True

    def _fits(self, a: Answers, place: Place, number: float, other: float) -> bool:
        if place not in self.scale:
            return near(number, other, self.tolerance)
        right = self._due(a)
        largest = max(abs(due) for p in self.scale for due in _several(right.get(p, ())))
        return abs(number - other) <= self.tolerance * max(largest, 1e-12)


def shown(place: Place) -> str:
    """A place as a learner writes it: "`rmse`", "`cost['bedrooms']`"."""
    if isinstance(place, str):
        return f"`{place}`"
    name, *keys = place
    return f"`{name}{''.join(f'[{key!r}]' for key in keys)}`"


def in_dict(name: str, made: Mapping[Any, float | Sequence[float]]) -> Made:
    """{key: number} -> {(name, key): number}: the numbers of a dict called `name`."""
    return {(name, key): value for key, value in made.items()}


def _made(a: Answers, wrong: _Wrong) -> Made:
    return a.once(wrong, wrong.make)


def _at(a: Answers, place: Place) -> Any:
    if isinstance(place, str):
        return getattr(a, place)
    name, *keys = place
    value = getattr(a, name)
    for key in keys:
        value = value[key]
    return value


def _several(values: float | Sequence[float]) -> list[float]:
    found = [float(values)] if kinds.fits(values, "number") else [float(v) for v in values]  # type: ignore[union-attr, arg-type]
    return [value for value in found if math.isfinite(value)]


def _apart(number: float, other: float) -> float:
    return abs(number - other) / max(abs(other), 1e-12 if other else 1.0)


def _merged(fits: Sequence[_Fit]) -> Iterator[_Fit]:
    """One fit per id: a mistake may have several formulas, of which the best counts."""
    best: dict[str, _Fit] = {}
    for fit in fits:
        if fit.id not in best or fit.rank > best[fit.id].rank:
            best[fit.id] = fit
    yield from best.values()
