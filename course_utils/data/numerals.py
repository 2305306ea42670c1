"""Numbers as files have them: $1,250.00 and 1.250,00 €, and which of both a column means.

"1,250" alone may be either. What decides is, in this order: other values of the column that can
mean one thing only; whether the column counts whole things, which have no three decimals; such
values of the other columns.
"""

import re
from collections.abc import Mapping
from enum import Enum

import numpy as np
import pandas as pd

_AROUND = r"[\s\u00a0\u202f'’$€£¥₹₺₽₩₪฿]"  # blanks, thousands apostrophes and signs of currency
_FRACTIONS = re.compile(r"latitude|longitude|bathrooms|review_scores_.*")


class Mark(Enum):
    """What a dot and a comma mean in a column."""

    POINT = "decimal points"
    COMMA = "decimal commas"
    NONE = "whole numbers"  # both only part thousands


def marks(texts: Mapping[str, "pd.Series[str]"]) -> dict[str, Mark]:
    """For each column what its dots and commas mean.

    Args:
        texts: columns of numbers, every value text or missing.
    """
    plain = {name: _plain(values.dropna()) for name, values in texts.items()}
    found = {name: (_telling(of, ".").sum(), _telling(of, ",").sum()) for name, of in plain.items()}
    points, commas = (sum(both[side] for both in found.values()) for side in (0, 1))
    usual = Mark.COMMA if commas > points else Mark.POINT
    return {name: _mark(name, of, *found[name], usual) for name, of in plain.items()}


def _mark(name: str, plain: "pd.Series[str]", points: int, commas: int, usual: Mark) -> Mark:
    if points or commas:
        return Mark.POINT if points >= commas else Mark.COMMA
    parted = plain.str.fullmatch(r"[+-]?\d{1,3}(?:[.,]\d{3})+")
    whole = not _FRACTIONS.fullmatch(name) and parted.any() and not parted.all()
    return Mark.NONE if whole else usual


def numbers(texts: "pd.Series[str]", mark: Mark) -> "pd.Series[float]":
    """The numbers of a column; missing where there is none, or none that is certain."""
    plain = _plain(texts)
    if mark is Mark.NONE:
        plain = plain.str.replace(r"[.,]", "", regex=True)
    else:
        decimal, thousands = (".", ",") if mark is Mark.POINT else (",", ".")
        d, t = re.escape(decimal), re.escape(thousands)
        form = rf"[+-]?(?:\d{{1,3}}(?:{t}\d{{3}})+|\d+)?(?:{d}\d*)?(?:e[+-]?\d+)?"
        plain = plain.where(plain.str.fullmatch(form, na=False))
        plain = plain.str.replace(thousands, "", regex=False).str.replace(decimal, ".", regex=False)
    found = pd.to_numeric(plain, errors="coerce").astype(float)
    return found.where(np.isfinite(found))


def rewritten(text: str, mark: Mark) -> str:
    """A number with the decimal point that everything else expects; signs of currency stay."""
    if mark is Mark.POINT:
        return text
    if mark is Mark.NONE:
        return text.replace(".", "").replace(",", "")
    return text.replace(".", "").replace(",", ".")


def _plain(texts: "pd.Series[str]") -> "pd.Series[str]":
    bare = texts.str.replace(_AROUND, "", regex=True).str.lower()
    return bare.str.replace("\u2212", "-", regex=False)


def _telling(plain: "pd.Series[str]", decimal: str) -> "pd.Series[bool]":
    """Which values can only mean that this mark is the decimal one."""
    d, t = re.escape(decimal), re.escape("," if decimal == "." else ".")
    return plain.str.fullmatch(
        rf"[+-]?(?:\d*{d}(?:\d{{1,2}}|\d{{4,}})"  # other than three digits behind it
        rf"|0{d}\d+|\d{{4,}}{d}\d+"  # nothing that thousands could be parted from
        rf"|\d{{1,3}}(?:{t}\d{{3}}){{2,}}"  # the other one more than once
        rf"|\d{{1,3}}(?:{t}\d{{3}})+{d}\d+)(?:e[+-]?\d+)?"  # or in front of it
    ).astype(bool)
