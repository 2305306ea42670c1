"""A learner's own ratings of MovieLens: taken whole, or refused with the reason and no change."""

import shutil
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from course_utils import cli, data
from course_utils.data import store
from course_utils.data.in_use import ratings_in_use, ratings_record
from course_utils.errors import CourseError

_HEADER = "userId,movieId,rating,timestamp"
_TITLES = {  # number: title, genres
    1: ("Toy Story (1995)", "Animation|Children's|Comedy"),
    2: ("Café, The (1999)", "Drama"),
    3: ('Say "Yes" (2001)', "Romance"),
    4: ("Without a Year", "(no genres listed)"),
    99: ("Nobody's (1950)", "Film-Noir"),
}
_FLAGS = [
    "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary",
    "Drama", "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi",
    "Thriller", "War", "Western",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COURSE_SCALE", "small")
    monkeypatch.delenv("COURSE_SIBLING", raising=False)


def _rows() -> list[tuple[int, int, float, int]]:
    """120 ratings by 30 users of films 1 to 5; the newest of each user first."""
    return [
        (user, 1 + (user + i) % 5, 1.0 + (user * (i + 1)) % 5, 881_250_949 - 100 * i)
        for user in range(1, 31)
        for i in range(4)
    ]


def _lines(separator: str, rows: Iterable[tuple] | None = None) -> list[str]:
    return [
        separator.join([str(user), str(film), f"{stars:g}", str(time)])
        for user, film, stars, time in (_rows() if rows is None else rows)
    ]


def _save(path: Path, lines: list[str], end: str = "\n", start: str = "", code="utf-8") -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes((start + "".join(line + end for line in lines)).encode(code))
    return path


def _csv(folder: Path, end: str = "\n", start: str = "") -> Path:
    quoted = [
        f'{number},"{title.replace(chr(34), chr(34) * 2)}",{genres}'
        for number, (title, genres) in _TITLES.items()
    ]
    _save(folder / "movies.csv", ["movieId,title,genres", *quoted], end, start)
    return _save(folder / "ratings.csv", [_HEADER, *_lines(",")], end, start)


def _dat(folder: Path, end: str = "\n", start: str = "") -> Path:
    films = [f"{number}::{title}::{genres}" for number, (title, genres) in _TITLES.items()]
    _save(folder / "movies.dat", films, end, code="latin-1")
    return _save(folder / "ratings.dat", _lines("::"), end, start)


def _item(number: int, title: str, genres: str) -> str:
    few = ["unknown"] if "no genres" in genres else genres.split("|")
    flags = "|".join(str(int(name in few)) for name in _FLAGS)
    return f"{number}|{title}|01-Jan-1995||http://us.imdb.com/M/title-exact?x|{flags}"


def _item_form(folder: Path, end: str = "\n", start: str = "") -> Path:
    films = [_item(number, *film) for number, film in _TITLES.items()]
    _save(folder / "u.item", films, end, code="latin-1")
    return _save(folder / "u.data", _lines("\t"), end, start)


_FORMS: dict[str, Callable[..., Path]] = {"csv": _csv, "dat": _dat, "100k": _item_form}
_BESIDE = {"csv": "movies.csv", "dat": "movies.dat", "100k": "u.item"}


def _in_use() -> tuple[pd.DataFrame, pd.DataFrame]:
    films, ratings = (pd.read_parquet(data.locate(name)) for name in ("films", "ratings"))
    return films, ratings


# --- files that are taken ------------------------------------------------------------------------


@pytest.mark.parametrize("form", _FORMS)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["plain", "bom"])
def test_each_form_becomes_the_same_tables(form, end, start, tmp_path):
    used = data.use(_FORMS[form](tmp_path / "ml", end=end, start=start))
    films, ratings = _in_use()
    assert (used.kind, used.rows, used.films) == ("ratings", 120, 6)
    assert used.notes == (f"Films that are not in {_BESIDE[form]}, and so have numbers: 1.",)
    assert films["film_id"].tolist() == [1, 2, 3, 4, 5, 99]
    titles = [title for title, _ in _TITLES.values()]
    assert films["title"].tolist() == [*titles[:4], "film 5", titles[4]]
    assert films["genres"].tolist() == [
        "Animation|Children's|Comedy", "Drama", "Romance", "", "", "Film-Noir",
    ]  # fmt: skip
    assert films["year"].astype("Int64").tolist() == [1995, 1999, 2001, pd.NA, pd.NA, 1950]
    expected = pd.DataFrame(_rows(), columns=ratings.columns)
    expected = expected.sort_values(["user_id", "timestamp"], ignore_index=True)
    pd.testing.assert_frame_equal(ratings, expected, check_dtype=False)


@pytest.mark.parametrize("form", _FORMS)
def test_columns_and_types_are_those_of_the_generated_tables(form, tmp_path):
    data.use(_FORMS[form](tmp_path / "ml"))
    for name in ("films", "ratings"):
        own, generated = (
            pq.read_schema(data.locate(name, generated=which)) for which in (False, True)
        )
        assert own.equals(generated)


@pytest.mark.parametrize("form", _FORMS)
def test_without_its_films_they_have_numbers(form, tmp_path):
    path = _FORMS[form](tmp_path / "ml")
    path.with_name(_BESIDE[form]).unlink()
    used = data.use(path)
    films, _ = _in_use()
    assert used.films == 5
    assert f"no {_BESIDE[form]} beside it" in used.notes[0]
    assert films["title"].tolist() == [f"film {number}" for number in range(1, 6)]
    assert set(films["genres"]) == {""}
    assert films["year"].isna().all()


@pytest.mark.parametrize("form", _FORMS)
def test_the_content_decides_where_the_name_is_another(form, tmp_path):
    path = _FORMS[form](tmp_path / "ml")
    other = path.rename(path.with_name("mine.txt"))
    assert data.use(other).rows == 120


def test_films_in_utf8_keep_their_letters(tmp_path):
    path = _dat(tmp_path / "ml")
    _save(tmp_path / "ml" / "movies.dat", ["1::Amélie – 天 (2001)::Comedy"])
    data.use(path)
    assert _in_use()[0]["title"][0] == "Amélie – 天 (2001)"


def test_ratings_by_halves_a_missing_last_newline_and_blank_last_lines(tmp_path):
    rows = [(user, 7, 0.5 + user % 10 / 2, 1_000) for user in range(1, 121)]
    path = tmp_path / "ratings.csv"
    path.write_text("\n".join([_HEADER, *_lines(",", rows)]))
    assert data.use(path).rows == 120
    path.write_text("\n".join([_HEADER, *_lines(",", rows), "", "", ""]))
    assert data.use(path).rows == 120
    assert sorted(set(_in_use()[1]["rating"])) == [number / 2 for number in range(1, 11)]


def test_ids_may_be_as_large_as_an_integer(tmp_path):
    rows = [*_rows()[1:], (2**31 - 1, 2**31 - 1, 3.5, 10**12)]
    used = data.use(_save(tmp_path / "ratings.csv", [_HEADER, *_lines(",", rows)]))
    assert used.rows == 120
    assert _in_use()[1].iloc[-1].tolist() == [2**31 - 1, 2**31 - 1, 3.5, 10**12]


# --- listings and ratings ------------------------------------------------------------------------


def test_both_kinds_may_be_in_use_and_go_one_by_one(tmp_path):
    before = data.listing()
    listings = shutil.copy(data.locate("listings"), tmp_path / "mine.parquet")
    assert data.get_truth("ratings") is not None
    rated = data.use(_csv(tmp_path / "ml"))
    assert data.in_use() is None, "which is about listings"
    assert data.get_truth("listings") is not None
    assert data.get_truth("ratings") is None
    assert data.get_truth("films") is None
    used = data.use(listings)
    assert data.in_use() == used
    assert ratings_in_use() == rated
    sources = {entry.name: (entry.source, entry.rows) for entry in data.listing()}
    assert sources["ratings"] == (rated.file, 120)
    assert sources["films"] == (rated.file, 6)
    assert sources["listings"][0] == used.file
    assert sources["riders"][0] == "generated"

    data.reset("listings")
    assert data.in_use() is None
    assert ratings_in_use() == rated
    data.use(listings)
    data.reset("ratings")
    assert ratings_in_use() is None
    assert data.in_use() == used
    data.use(_csv(tmp_path / "ml"))
    data.reset()
    assert (data.in_use(), ratings_in_use()) == (None, None)
    assert data.listing() == before
    left = [path.name for path in (tmp_path / "data").iterdir()]
    assert sorted(left) == [".lock", "small"]
    with pytest.raises(CourseError, match=r"'films'.*listings or ratings"):
        data.reset("films")


def test_other_ratings_replace_the_first_and_the_same_may_come_again(tmp_path):
    first, second = data.use(_csv(tmp_path / "a")), data.use(_dat(tmp_path / "b"))
    assert data.use(tmp_path / "b" / "ratings.dat") == second
    assert not first.table("ratings").exists()
    assert second.table("ratings").exists()
    _save(tmp_path / "b" / "movies.dat", ["1::Another::Drama"])
    data.use(tmp_path / "b" / "ratings.dat")
    assert _in_use()[0]["title"][0] == "Another", "the films beside it are read again"


def test_the_sibling_is_the_generated_one_whatever_is_in_use(tmp_path, monkeypatch):
    data.use(_csv(tmp_path / "ml"))
    monkeypatch.setenv("COURSE_SIBLING", "1")
    assert Path(data.locate("ratings")) == store.generated("ratings", data.Variant.SIBLING)
    assert data.get_truth("ratings") is not None
    assert {entry.source for entry in data.listing()} == {"sibling"}


def test_a_broken_record_and_a_lost_copy_say_how_to_mend_them(tmp_path):
    used = data.use(_csv(tmp_path / "ml"))
    used.table("ratings").unlink()
    with pytest.raises(CourseError, match="course data use"):
        data.locate("films")
    ratings_record().write_text("{}")
    with pytest.raises(CourseError, match="course data reset"):
        data.locate("ratings")
    assert data.locate("listings"), "the other kind works on"
    data.reset("ratings")
    assert data.locate("ratings") == str(store.generated("ratings"))


def test_the_commands_say_what_is_in_use(tmp_path, capsys):
    path = _csv(tmp_path / "ml")
    said = _said(capsys, "use", str(path))
    assert f"In use now: {path}, 120 ratings and 6 films." in said
    assert "not in movies.csv" in said
    assert _said(capsys, "reset", "ratings") == "Generated ratings are in use.\n"
    assert _said(capsys, "reset") == "Generated data is in use.\n"


def _said(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    """What a command about data prints."""
    with pytest.raises(SystemExit) as end:
        cli.main(["data", *command])
    assert end.value.code == 0
    return capsys.readouterr().out


# --- files that are refused ----------------------------------------------------------------------


def _with(*lines: str, name: str = "ratings.csv") -> Callable[[Path], Path]:
    """Good ratings with these lines below the first ten."""

    def make(folder: Path) -> Path:
        separator = {"ratings.csv": ",", "ratings.dat": "::", "u.data": "\t"}[name]
        good = _lines(separator)
        header = [_HEADER] if name == "ratings.csv" else []
        return _save(folder / name, [*header, *good[:10], *lines, *good[10:]])

    return make


def _whole(name: str, *lines: str) -> Callable[[Path], Path]:
    return lambda folder: _save(folder / name, list(lines))


def _beside(name: str, form: str, *lines: str) -> Callable[[Path], Path]:
    """Good ratings with this file of films."""

    def make(folder: Path) -> Path:
        path = _FORMS[form](folder)
        _save(folder / name, list(lines))
        return path

    return make


def _cut(folder: Path) -> Path:
    path = _csv(folder)
    path.write_bytes(path.read_bytes()[:-12])
    return path


def _zipped(folder: Path) -> Path:
    _csv(folder)
    with zipfile.ZipFile(folder / "ml-latest-small.zip", "w") as archive:
        archive.write(folder / "ratings.csv", "ml-latest-small/ratings.csv")
    return folder / "ml-latest-small.zip"


_AGAIN = _lines(",")[3]
_REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "fields": (_with("1,2,3"), r"ratings\.csv was not taken: .*1 bad line: line 12 has 3 fields"),
    "fields-dat": (_with("1::2", name="ratings.dat"), "1 bad line: line 11 has 2 fields instead"),
    "spaces-for-tabs": (_with("1 2 3 4", name="u.data"), "line 11 has 1 fields instead of 4"),
    "word-user": (_with("me,1,3,10"), "line 12 has the user 'me', not a whole number"),
    "negative-film": (_with("1,-7,3,10"), "line 12 has the film '-7', not a whole number"),
    "huge-user": (_with("2147483648,1,3,10"), "user '2147483648', not .* up to 2,147,483,647"),
    "huge-film": (_with("1,99999999999999999999,3,10"), "line 12 has the film '9999"),
    "endless-user": (_with("9" * 5_000 + ",1,3,10"), "line 12 has the user '9{30}', not"),
    "zero-stars": (_with("1,77,0,10"), "line 12 has the rating '0', not one of 0.5, 1"),
    "six-stars": (_with("1::77::6::10", name="ratings.dat"), "line 11 has the rating '6'"),
    "5.5-stars": (_with("1,77,5.5,10"), "line 12 has the rating '5.5'"),
    "third-stars": (_with("1,77,3.3,10"), "line 12 has the rating '3.3'"),
    "no-stars": (_with("1,77,,10"), "line 12 has the rating ''"),
    "nan-stars": (_with("1,77,nan,10"), "line 12 has the rating 'nan'"),
    "date": (_with("1,77,3,2001-02-03"), "line 12 has the timestamp '2001-02-03'"),
    "blank": (_with("", ""), "line 12 is blank"),
    "not-utf8": (_whole("u.data", "1\t2\t3\t\u00e9", *_lines("\t")), "line 1 has the timestamp"),
    "twice": (_with(_AGAIN), "1 bad line: line 12 rates film 5 by user 1 once more"),
    "many": (
        _with("x", "1,77,9,10", "1,y,3,10", "z", "1,2"),
        "5 bad lines: line 12 has 1 fields.*; line 13 has the rating '9'.*; line 14 .*; and 2 more",
    ),
    "cut": (_cut, "line 121 has 3 fields instead of 4"),
    "other-header": (_whole("ratings.csv", "user,film,stars"), "its first line is 'user,film,sta"),
    "no-header": (_whole("ratings.csv", *_lines(",")), "its first line is '1,2,2,881250949', not"),
    "header-only": (_whole("ratings.csv", _HEADER), "0 ratings, at least 100"),
    "few": (_whole("ratings.dat", *_lines("::")[:99]), "99 ratings, at least 100"),
    "empty": (_whole("ratings.csv"), "it is empty"),
    "page": (_whole("u.data", "<html>403</html>"), "web page"),
    "missing": (lambda folder: folder / "ratings.csv", "no such file"),
    "zip": (_zipped, "none of the columns needed.*MovieLens, unpacked"),
    "films": (_whole("movies.csv", "movieId,title,genres", "1,A,B"), "none of the columns needed"),
    "film-fields": (
        _beside("movies.csv", "csv", "movieId,title,genres", "1,Gone, The (1999),Drama"),
        r"movies\.csv was not taken: it has 1 bad line: line 2 has too few or too many fields",
    ),
    "film-id": (_beside("movies.dat", "dat", "one::A::B"), r"movies\.dat .* line 1 has the film"),
    "film-twice": (
        _beside("movies.dat", "dat", "1::A::B", "2::C::D", "1::E::F"),
        "1 bad line: line 3 has film 1 once more",
    ),
    "film-flags": (_beside("u.item", "100k", "1|A|1995||x|0|1"), r"u\.item .* line 1 has too few"),
    "film-quotes": (
        _beside("movies.csv", "csv", "movieId,title,genres", '1,"Open (1999),Drama', "2,A,B"),
        r"movies\.csv .* can't be read as CSV",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", _REFUSED)
def test_bad_ratings_are_refused_and_nothing_changes(case, tmp_path):
    data.use(_dat(tmp_path / "good"))
    folder = tmp_path / "data"
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    make, reason = _REFUSED[case]
    (tmp_path / "bad").mkdir()
    with pytest.raises(CourseError, match=reason) as error:
        data.use(make(tmp_path / "bad"))
    assert "\n" not in str(error.value)
    assert "Nothing was changed" in str(error.value)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


# --- on a session --------------------------------------------------------------------------------


@pytest.mark.spark
def test_load_reads_the_ratings_in_use(spark, tmp_path):
    types = {name: data.load(name).dtypes for name in ("films", "ratings")}
    data.use(_item_form(tmp_path / "ml"))
    assert {name: data.load(name).dtypes for name in types} == types
    assert types["ratings"] == [
        ("user_id", "int"), ("film_id", "int"), ("rating", "double"), ("timestamp", "bigint"),
    ]  # fmt: skip
    assert data.load("ratings").count() == 120
    joined = data.load("ratings").join(data.load("films"), "film_id")
    assert joined.count() == 120
