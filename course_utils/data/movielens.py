"""Reading a learner's own ratings of MovieLens and the films beside them, or saying why not.

The three forms of https://grouplens.org/datasets/movielens/: comma-separated with a header, "::"
between the fields (1M, 10M), and tabs (100K).
"""

import csv
import io
import re
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa

from course_utils.data.cleaning import FEWEST_ROWS
from course_utils.data.refusal import refuse
from course_utils.data.store import write_parquet

_BOM = b"\xef\xbb\xbf"
_LARGEST = 2**31 - 1  # ids are integers of 32 bits, as Spark's ALS takes them
_SHOWN = 3  # bad lines that a refusal names
_NO_GENRES = ("(no genres listed)", "unknown")
_FLAGS = (  # the last columns of u.item
    "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary",
    "Drama", "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi",
    "Thriller", "War", "Western",
)  # fmt: skip
_FILM_TYPES = pa.schema(
    {"film_id": pa.int32(), "title": pa.string(), "year": pa.int32(), "genres": pa.string()}
)


@dataclass(frozen=True)
class _Form:
    """One of the forms that MovieLens comes in."""

    name: str  # of the file with the ratings
    separator: bytes
    films: str  # name of the file with the films
    header: bytes = b""


_FORMS = (
    _Form("ratings.csv", b",", "movies.csv", b"userId,movieId,rating,timestamp"),
    _Form("ratings.dat", b"::", "movies.dat"),
    _Form("u.data", b"\t", "u.item"),
)


@dataclass(frozen=True)
class Rated:
    """Films and ratings that will do.

    Attributes:
        films: columns film_id, title, year (may be missing) and genres, by film_id.
        ratings: columns user_id, film_id, rating and timestamp, by user and time.
        notes: what was made of them, one line each.
    """

    films: pa.Table
    ratings: pa.Table
    notes: tuple[str, ...]

    def write(self, folder: Path) -> None:
        """Put both tables into a folder, in the form of the generated ones."""
        write_parquet(self.films, folder / "films.parquet")
        write_parquet(self.ratings, folder / "ratings.parquet")


def check(path: Path) -> Rated | None:
    """Read a file of ratings; None where it is, by name and content, none of MovieLens.

    Raises:
        CourseError: the file, or the one with the films, is refused, and why.
    """
    form = _form(path)
    if form is None:
        return None
    ratings = _ratings(path, form)
    films, notes = _films(path.with_name(form.films)), []
    unlisted = set(ratings["film_id"].tolist()) - set(films or ())
    if films is None:
        notes.append(f"There is no {form.films} beside it: films have numbers, and no genres.")
    elif unlisted:
        count = len(unlisted)
        notes.append(f"Films that are not in {form.films}, and so have numbers: {count:,}.")
    films = (films or {}) | {number: (_numbered(number), "") for number in unlisted}
    rows = [
        {"film_id": number, "title": title, "year": _year(title), "genres": genres}
        for number, (title, genres) in sorted(films.items())
    ]
    return Rated(
        pa.Table.from_pylist(rows, schema=_FILM_TYPES),
        pa.Table.from_pandas(ratings, preserve_index=False),
        tuple(notes),
    )


def _form(path: Path) -> _Form | None:
    """The form of this file: by its first line or, where that is damaged, by its name."""
    try:
        with path.open("rb") as file:
            start = file.read(4096).removeprefix(_BOM).strip()
    except OSError:
        return None  # whoever reads listings says what is wrong with it
    if not start or start.startswith(b"<") or b"\0" in start:
        return None
    first = start.splitlines()[0]
    for form in _FORMS:
        by_content = first == form.header if form.header else _pattern(form).fullmatch(first)
        if by_content or path.name.lower() == form.name:
            return form
    return None


def _pattern(form: _Form) -> re.Pattern[bytes]:
    """A whole line of ratings; whether its numbers are in their ranges is not asked here."""
    return re.compile(
        form.separator.join([rb"(\d{1,10})", rb"(\d{1,10})", rb"(\d(?:\.[05]0*)?)", rb"(\d{1,18})"])
    )


def _ratings(path: Path, form: _Form) -> pd.DataFrame:
    users, films, times, stars = array("i"), array("i"), array("q"), array("d")
    pattern, bad = _pattern(form), _BadLines(path)
    with path.open("rb") as file:
        number, blank = 0, 0
        for number, text in enumerate(file, start=1):
            line = (text.removeprefix(_BOM) if number == 1 else text).rstrip(b"\r\n")
            if number == 1 and form.header:
                if line != form.header:
                    refuse(
                        path,
                        f"its first line is {_quoted(line)}, not {form.header.decode()}",
                        "Give the ratings as MovieLens has them.",
                    )
                continue
            if not line.strip():
                blank += 1  # harmless at the end of the file
                continue
            if blank:
                bad.add(number - blank, "is blank")
                blank = 0
            match = pattern.fullmatch(line)
            user, film, star, time = match.groups() if match else (b"",) * 4
            if not match or not (_is_id(user) and _is_id(film) and 0.5 <= float(star) <= 5):
                bad.add(number, _wrong(line.split(form.separator)))
                continue
            users.append(int(user))
            films.append(int(film))
            stars.append(float(star))
            times.append(int(time))
    bad.refuse_any()
    if len(users) < FEWEST_ROWS:
        found = f"it has {len(users)} ratings, at least {FEWEST_ROWS} are needed"
        refuse(path, found, "Use a larger file.")
    rows = pd.DataFrame({"user_id": users, "film_id": films, "rating": stars, "timestamp": times})
    rows = rows.astype({"user_id": "int32", "film_id": "int32"})
    again = rows.loc[rows.duplicated(["user_id", "film_id"]), ["user_id", "film_id"]]
    for place, user, film in again.itertuples():
        bad.add(place + 1 + bool(form.header), f"rates film {film} by user {user} once more")
    bad.refuse_any()
    return rows.sort_values(["user_id", "timestamp"], kind="stable", ignore_index=True)


def _is_id(text: bytes) -> bool:
    return text.isdigit() and len(text) <= 10 and int(text) <= _LARGEST


def _wrong(fields: list[bytes]) -> str:
    """What is wrong with a line that is no rating."""
    if len(fields) != 4:
        return f"has {len(fields)} fields instead of 4"
    for name, text in zip(("user", "film"), fields, strict=False):
        if not _is_id(text):
            return f"has the {name} {_quoted(text)}, not a whole number up to {_LARGEST:,}"
    if not re.fullmatch(rb"\d{1,18}", fields[3]):
        return f"has the timestamp {_quoted(fields[3])}, not whole seconds"
    return f"has the rating {_quoted(fields[2])}, not one of 0.5, 1, 1.5 and so on to 5"


def _quoted(text: bytes) -> str:
    return repr(text[:30].decode("utf-8", errors="replace"))


class _BadLines:
    """Counts the bad lines of a file and remembers the first ones."""

    def __init__(self, path: Path) -> None:
        self._path, self._first, self._count = path, list[str](), 0

    def add(self, number: int, what: str) -> None:
        self._count += 1
        if len(self._first) < _SHOWN:
            self._first.append(f"line {number:,} {what}")

    def refuse_any(self) -> None:
        """Refuse the file if there was a bad line.

        Raises:
            CourseError: it has some.
        """
        if self._count:
            more = f"; and {self._count - _SHOWN:,} more" if self._count > _SHOWN else ""
            lines = "1 bad line" if self._count == 1 else f"{self._count:,} bad lines"
            refuse(
                self._path,
                f"it has {lines}: {'; '.join(self._first)}{more}",
                "Mend or delete them, or unpack the archive again.",
            )


# --- films ---------------------------------------------------------------------------------------


def _films(path: Path) -> dict[int, tuple[str, str]] | None:
    """Title and genres of the films in a file, by number; None where the file is not there."""
    try:
        content = path.read_bytes().removeprefix(_BOM)
    except FileNotFoundError:
        return None
    except OSError as error:
        refuse(path, f"it can't be read ({error.strerror})", "Check its rights.")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("latin-1")  # as 100K and 1M are; 10M and newer ones are UTF-8
    films, bad = dict[int, tuple[str, str]](), _BadLines(path)
    try:
        for number, fields in _READERS[path.name](text):
            if len(fields) != 3:
                bad.add(number, "has too few or too many fields")
            elif not _is_id(key := fields[0].encode()):
                bad.add(
                    number, f"has the film {_quoted(key)}, not a whole number up to {_LARGEST:,}"
                )
            elif int(key) in films:
                bad.add(number, f"has film {int(key)} once more")
            else:
                title = fields[1].strip() or _numbered(int(key))
                films[int(key)] = (title, "" if fields[2] in _NO_GENRES else fields[2])
    except csv.Error as error:
        refuse(path, f"it can't be read as CSV ({error})", "Unpack the archive again.")
    bad.refuse_any()
    return films


def _numbered(film: int) -> str:
    return f"film {film}"


def _year(title: str) -> int | None:
    found = re.search(r"\((\d{4})\)\s*$", title)
    return int(found[1]) if found else None


_Fields = Iterator[tuple[int, list[str]]]


def _from_csv(text: str) -> _Fields:
    """Number, title and genres of each line, with the line's number."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    for fields in reader:
        if fields and not (reader.line_num == 1 and fields[0] == "movieId"):
            yield reader.line_num, fields


def _from_dat(text: str) -> _Fields:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line.rstrip("\r").split("::")


def _from_item(text: str) -> _Fields:
    for number, line in enumerate(text.split("\n"), start=1):
        fields = line.rstrip("\r").split("|")
        if len(fields) == 5 + len(_FLAGS):
            flags = zip(_FLAGS, fields[5:], strict=True)
            yield number, [*fields[:2], "|".join(name for name, flag in flags if flag == "1")]
        elif line.strip():
            yield number, []


_READERS: dict[str, Callable[[str], _Fields]] = {
    "movies.csv": _from_csv,
    "movies.dat": _from_dat,
    "u.item": _from_item,
}
