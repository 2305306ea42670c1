"""Listing files as cities, years and programs leave them: read with certainty, or refused."""

import bz2
import csv
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from course_utils import data
from course_utils.data.schema import COLUMNS
from course_utils.errors import CourseError

_ROWS = 240
_NUMBERS = ("latitude", "longitude", "price", "bathrooms", "review_scores_rating")
_Row = dict[str, str]


@pytest.fixture(autouse=True)
def _own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COURSE_SCALE", "small")


def _rows(count: int = _ROWS) -> list[_Row]:
    """Listings of a small town, with ids of 18 digits as newer ones have them."""
    return [
        {
            "id": str(700_000_000_000_000_001 + 1_234_567 * i),
            "listing_url": f"https://stays.example.com/rooms/{i}",
            "host_is_superhost": "tf"[i % 2],
            "host_total_listings_count": str(1 + i % 9),
            "neighbourhood_cleansed": ("Älvsjö", "Dock 3, north", 'The "Old" Town')[i % 3],
            "latitude": f"{59 + i % 97 / 300:.5f}",
            "longitude": f"{-18 - i % 89 / 300:.5f}",
            "property_type": "Private room in home",
            "room_type": ("Entire home/apt", "Private room")[i % 2],
            "accommodates": str(1 + i % 6),
            "bathrooms": str(1 + i % 3 / 2),
            "bathrooms_text": f"{1 + i % 3 / 2:g} baths",
            "bedrooms": str(1 + i % 3),
            "beds": str(1 + i % 4) if i % 10 else "",
            "price": f"${80 + 13 * (i % 120):,}.00",
            "minimum_nights": str(1 + i % 5),
            "number_of_reviews": str(i % 50),
            **{
                f"review_scores_{name}": f"{3.5 + i % 30 / 20:.2f}" if i % 5 else ""
                for name in (
                    "rating", "accuracy", "cleanliness", "checkin", "communication", "location",
                    "value",
                )
            },
            "instant_bookable": "tf"[i % 3 > 0],
        }
        for i in range(count)
    ]  # fmt: skip


def _text(rows: list[_Row], separator: str = ",", end: str = "\n") -> str:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]), delimiter=separator, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def _save(folder: Path, content: str | bytes, name: str = "listings.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _use(folder: Path, content: str | bytes, name: str = "listings.csv") -> pd.DataFrame:
    data.use(_save(folder, content, name))
    return pd.read_parquet(data.locate("listings"))


def _notes() -> str:
    used = data.in_use()
    assert used is not None
    return "\n".join(used.notes)


def _refusal(folder: Path, content: str | bytes, name: str = "listings.csv") -> str:
    with pytest.raises(CourseError) as error:
        data.use(_save(folder, content, name))
    line = str(error.value)
    assert "\n" not in line
    assert line.startswith(f"{name} was not taken: ")
    assert line.endswith("Nothing was changed.")
    assert data.in_use() is None
    return line


def _raw() -> pd.DataFrame:
    """The raw file in use as Spark's reader is told to read it: UTF-8, commas, quotes doubled."""
    return pd.read_csv(data.locate("listings_raw"), dtype=str, keep_default_na=False)


@pytest.fixture
def expected(tmp_path, monkeypatch) -> pd.DataFrame:
    """The table that the plain file gives."""
    with monkeypatch.context() as patch:
        patch.setenv("COURSE_DATA", str(tmp_path / "plain"))
        table = _use(tmp_path, _text(_rows()), "plain.csv")
    assert table.shape == (_ROWS, len(COLUMNS))
    return table


def _with(row: int, **values: str) -> list[_Row]:
    rows = _rows()
    rows[row] |= values
    return rows


def _each(change: Callable[[_Row], _Row]) -> list[_Row]:
    return [row | change(row) for row in _rows()]


# --- separators, encodings, archives -------------------------------------------------------------


def _zip(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


_WRITTEN: dict[str, Callable[[], bytes]] = {
    "semicolons": lambda: _text(_rows(), ";").encode(),
    "tabs": lambda: _text(_rows(), "\t").encode(),
    "bars": lambda: _text(_rows(), "|").encode(),
    "sep-line": lambda: ("sep=;\r\n" + _text(_rows(), ";", "\r\n")).encode(),
    "crlf": lambda: _text(_rows(), end="\r\n").encode(),
    "utf8-bom": lambda: _text(_rows()).encode("utf-8-sig"),
    "utf16-bom": lambda: _text(_rows()).encode("utf-16"),
    "utf16-tabs": lambda: _text(_rows(), "\t", "\r\n").encode("utf-16"),
    "utf16-le": lambda: _text(_rows()).encode("utf-16-le"),
    "utf16-be": lambda: _text(_rows()).encode("utf-16-be"),
    "latin-1": lambda: _text(_rows()).encode("latin-1"),
    "gzip": lambda: gzip.compress(_text(_rows()).encode()),
    "gzip-twice": lambda: gzip.compress(gzip.compress(_text(_rows()).encode())),
    "bzip2": lambda: bz2.compress(_text(_rows()).encode()),
    "xz": lambda: lzma.compress(_text(_rows()).encode()),
    "zip": lambda: _zip(
        {"data/listings.csv": _text(_rows()), "__MACOSX/listings.csv": "x", "readme": "words"}
    ),
    "blank-end": lambda: (_text(_rows()) + "\n\n" + "," * 10 + "\n").encode(),
    "backslashes": lambda: _text(_rows()).replace('""', '\\"').encode(),
}


@pytest.mark.parametrize("case", _WRITTEN)
def test_however_it_is_written_the_table_is_the_same(case, tmp_path, expected):
    pd.testing.assert_frame_equal(_use(tmp_path, _WRITTEN[case]()), expected)
    raw = _raw()
    assert list(raw) == list(_rows()[0])
    assert raw["neighbourhood_cleansed"].tolist()[:3] == [
        "Älvsjö",
        "Dock 3, north",
        'The "Old" Town',
    ]
    assert data.listing()[1].rows == len(raw) == _ROWS


def test_letters_that_are_not_utf8_are_shown_for_a_look(tmp_path):
    _use(tmp_path, _WRITTEN["latin-1"]())
    assert "read as Latin-1" in _notes()
    assert "Älvsjö" in _notes()


_NOT_A_TABLE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "lfs": (
        lambda: b"version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 550256810\n",
        "Git LFS pointer",
        "git lfs pull",
    ),
    "page": (lambda: b"\xef\xbb\xbf<!DOCTYPE html><p>404</p>", "web page", "browser"),
    "json": (lambda: b'{"message": "Not Found"}', "JSON", "listings.csv"),
    "words": (lambda: b"404: Not Found\n", "first line is '404: Not Found'", "listings.csv"),
    "xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "Excel", "as CSV in UTF-8"),
    "zip-of-two": (
        lambda: _zip({"a.csv": "a,b\n1,2\n", "b.csv": "a,b\n1,2\n"}),
        "a zip with 2 CSV files instead of one (a.csv, b.csv)",
        "give one file",
    ),
    "zip-cut": (lambda: _WRITTEN["zip"]()[:400], "zip file is damaged", "Download it again"),
    "7z": (lambda: b"7z\xbc\xaf\x27\x1c" + b"\0" * 50, "7z archive", "Unpack it"),
    "utf16-cut": (lambda: _WRITTEN["utf16-bom"]()[:-1], "UTF-16 text is damaged", "Download"),
    "utf8-damaged": (
        lambda: _text(_rows()).encode().replace("Älv".encode(), b"\xffl", 1),
        "UTF-8 text is damaged in line 2",
        "Download it again",
    ),
    "packed-parquet": (lambda: gzip.compress(b"PAR1" * 10), "packed Parquet", "Unpack it"),
    "summary": (
        lambda: (
            b"id,name,host_id,neighbourhood_group,neighbourhood,latitude,longitude,room_type,"
            b"price,minimum_nights,number_of_reviews,calculated_host_listings_count\n1,a,2,,b,1,2,"
            b"c,3,4,5,6\n"
        ),
        "summary of the listings",
        "detailed listings.csv.gz of the same city",
    ),
}


@pytest.mark.parametrize("case", _NOT_A_TABLE)
def test_what_is_no_table_is_named_with_what_helps(case, tmp_path):
    make, what, mend = _NOT_A_TABLE[case]
    line = _refusal(tmp_path, make())
    assert what in line
    assert mend in line


def test_a_workbook_is_named_and_what_it_does_to_ids(tmp_path):
    line = _refusal(tmp_path, _zip({"xl/workbook.xml": "<workbook/>"}), "listings.xlsx")
    assert "Excel workbook" in line
    assert "shorten long ids" in line


# --- headers and rows ----------------------------------------------------------------------------


def _renamed(change: Callable[[str], str], separator: str = ",") -> str:
    header, _, rest = _text(_rows()).partition("\n")
    return separator.join(change(name) for name in header.split(",")) + "\n" + rest


_HEADERS: dict[str, Callable[[], str]] = {
    "blanks": lambda: _renamed(str, ", "),
    "blanks-everywhere": lambda: _text(_rows()).replace(",", ", ", 24).replace(',"', ', "'),
    "upper": lambda: _renamed(str.upper),
    "words": lambda: _renamed(lambda name: name.replace("_", " ").title()),
    "dots": lambda: _renamed(lambda name: name.replace("_", ".")),
    "index": lambda: pd.DataFrame(_rows()).to_csv(),
    "index-again": lambda: pd.DataFrame(_rows()).rename_axis("Unnamed: 0").to_csv(),
    "row-names": lambda: pd.DataFrame(_rows()).to_csv().removeprefix(","),
    "last-comma": lambda: _text(_rows()).replace("\n", ",\n"),
    "twice-alike": lambda: _text([row | {"Price": row["price"]} for row in _rows()]),
}


@pytest.mark.parametrize("case", _HEADERS)
def test_headers_of_other_programs_are_read_as_what_they_mean(case, tmp_path, expected):
    table = _use(tmp_path, _HEADERS[case]())
    pd.testing.assert_frame_equal(table, expected)
    assert list(_raw()) == list(_rows()[0])
    assert len(_raw()) == _ROWS


def test_a_column_that_is_there_twice_with_other_values_is_refused(tmp_path):
    rows = [row | {"Price": row["price"]} for row in _rows()]
    rows[6]["Price"] = "$1.00"
    line = _refusal(tmp_path, _text(rows))
    assert "column price twice, with different values from line 8 on" in line


def _line(text: str, number: int, change: Callable[[str], str]) -> str:
    lines = text.split("\n")
    lines[number - 1] = change(lines[number - 1])
    return "\n".join(lines)


_ONE_BAD_ROW: dict[str, tuple[Callable[[str], str], str]] = {
    "too-many": (lambda line: line + ",t", "1 have too many fields, the first in line 100"),
    "too-few": (
        lambda line: line.rsplit(",", 2)[0],
        "1 have too few fields, the first in line 100",
    ),
    "shifted": (
        lambda line: line.replace(",", ",,", 1).rsplit(",", 1)[0],
        "the first in line 100",
    ),
    "quotes": (
        lambda line: line.replace("https", '"x"https'),
        "1 could not be read, because of their quotes, the first in line 100",
    ),
}


@pytest.mark.parametrize("case", _ONE_BAD_ROW)
def test_one_bad_row_among_hundreds_costs_only_itself(case, tmp_path, expected):
    change, note = _ONE_BAD_ROW[case]
    table = _use(tmp_path, _line(_text(_rows()), 100, change))
    left = expected.drop(98).reset_index(drop=True)
    assert table["price"].tolist() == left["price"].tolist()
    assert note in _notes()
    assert f"{_ROWS} rows read, {_ROWS - 1} kept:" in _notes()


@pytest.mark.parametrize("case", ["too-many", "too-few", "quotes"])
def test_many_bad_rows_refuse_the_file(case, tmp_path):
    change, _ = _ONE_BAD_ROW[case]
    text = _text(_rows())
    for number in range(50, 60):
        text = _line(text, number, change)
    line = _refusal(tmp_path, text)
    assert "10 of 240 rows" in line
    assert "the first in line 50" in line


def test_quotes_that_never_close_are_found_where_they_open(tmp_path):
    broken = _line(_text(_rows()), 241, lambda line: line[:-1] + '"' + line[-1])
    assert "the quotes that open in line 241 never close" in _refusal(tmp_path, broken)


# --- values --------------------------------------------------------------------------------------


@pytest.mark.parametrize("cut", ["7.00000E+17", "7E+17", "7,00E+17", "700000000000000000"])
def test_ids_that_a_spreadsheet_shortened_cost_no_listing(cut, tmp_path, expected):
    rows = [row | {"id": cut if i % 2 else row["id"]} for i, row in enumerate(_rows())]
    if cut.isdigit():  # every long id ends in zeros then
        rows = [row | {"id": cut if i % 2 else str(i)} for i, row in enumerate(_rows())]
    table = _use(tmp_path, _text([*rows, rows[1]]))
    assert len(table) == _ROWS
    assert "1 come twice, the first in line 242" in _notes()
    assert "ids were shortened by a spreadsheet" in _notes()
    assert cut in _notes()


def test_rows_without_an_id_are_not_all_the_same(tmp_path, expected):
    table = _use(tmp_path, _text([row | {"id": ""} for row in _rows()]))
    assert len(table) == _ROWS


def test_another_row_with_an_earlier_id_is_told_from_a_repeated_one(tmp_path):
    rows = _rows()
    _use(tmp_path, _text([*rows, rows[0], rows[1] | {"price": "$9.00"}]))
    assert "1 come twice, the first in line 242" in _notes()
    assert "1 have the id of an earlier row, but other values, the first in line 243" in _notes()


def _comma(text: str) -> str:
    return text.translate(str.maketrans(".,", ",."))


def test_decimal_commas_and_thousands_points_are_read_as_such(tmp_path, expected):
    rows = _each(lambda row: {name: _comma(text) for name, text in row.items() if _numeric(name)})
    rows = [row | {"price": row["price"].removeprefix("$") + " €"} for row in rows]
    table = _use(tmp_path, _text(rows, ";"))
    pd.testing.assert_frame_equal(table, expected)
    assert "Decimal commas were read in: latitude, longitude" in _notes()
    assert _raw()["latitude"].tolist() == [row["latitude"] for row in _rows()]
    assert _raw()["price"].iloc[100] == "1380.00 €"


def _numeric(name: str) -> bool:
    return name in _NUMBERS or name.startswith("review_scores") or name == "bathrooms_text"


def test_each_column_has_its_own_mark(tmp_path, expected):
    rows = _each(lambda row: {"latitude": _comma(row["latitude"])})
    pd.testing.assert_frame_equal(_use(tmp_path, _text(rows)), expected)


def test_whole_prices_have_no_three_decimals(tmp_path, expected):
    rows = _each(lambda row: {"price": _comma(row["price"].split(".")[0])})
    assert any(row["price"] == "$1.380" for row in rows)
    assert _use(tmp_path, _text(rows))["price"].tolist() == expected["price"].tolist()


def test_a_point_that_became_a_thousands_mark_is_refused(tmp_path):
    rows = _each(lambda row: {"latitude": "5.900.199"})
    line = _refusal(tmp_path, _text(rows))
    assert "latitude outside -90 to 90, the first, in line 2, 5,900,199" in line
    assert "as it was downloaded" in line


def test_missing_values_by_other_names_are_missing(tmp_path, expected):
    def other(row: _Row) -> _Row:
        return {name: "NA" for name, text in row.items() if not text}

    pd.testing.assert_frame_equal(_use(tmp_path, _text(_each(other))), expected)
    assert "values such as NA" in _notes()


@pytest.mark.parametrize("yes", ["True", "TRUE", "T", "1", "1.0", "yes"])
def test_yes_and_no_of_other_programs(yes, tmp_path, expected):
    no = {"True": "False", "TRUE": "FALSE", "T": "F", "1": "0", "1.0": "0.0", "yes": "no"}[yes]
    rows = _each(
        lambda row: {
            name: yes if row[name] == "t" else no
            for name in ("host_is_superhost", "instant_bookable")
        }
    )
    pd.testing.assert_frame_equal(_use(tmp_path, _text(rows)), expected)
    assert _raw()["host_is_superhost"].tolist() == [row["host_is_superhost"] for row in _rows()]


@pytest.mark.parametrize(
    "name", ["price", "neighbourhood_cleansed", "host_is_superhost", "bedrooms", "latitude"]
)
def test_an_empty_column_is_named_with_advice_that_helps(name, tmp_path):
    line = _refusal(tmp_path, _text(_each(lambda row: {name: ""})))
    assert f"its column {name} is empty in all 240 rows" in line
    assert "another date" in line
    assert "larger" not in line


def test_few_rows_left_of_many_do_not_ask_for_a_larger_file(tmp_path):
    rows = [row | {"price": "" if i < 200 else row["price"]} for i, row in enumerate(_rows())]
    line = _refusal(tmp_path, _text(rows))
    assert "40 usable rows, at least 100 are needed (200 have no price above 0" in line
    assert "another date" in line
    assert "larger" not in line


_IMPOSSIBLE = {
    "latitude": ("95.5", "have latitude outside -90 to 90"),
    "longitude": ("-1800000", "have longitude outside -180 to 180"),
    "price": ("$99999999999.00", "have price outside 0 to 100,000,000"),
    "review_scores_rating": ("48.0", "have review_scores_rating outside 0 to 5"),
    "review_scores_value": ("-1.0", "have review_scores_value outside 0 to 5"),
    "minimum_nights": ("-3", "have minimum_nights below 1"),
    "accommodates": ("2019", "have accommodates outside 0 to 100"),
    "beds": ("59379", "have beds outside 0 to 1,000"),
    "bathrooms": ("one", "have no number in bathrooms"),
    "host_is_superhost": ("4.5", "have neither t nor f in host_is_superhost"),
}


@pytest.mark.parametrize("name", _IMPOSSIBLE)
def test_impossible_values_are_left_out_and_counted(name, tmp_path, expected):
    value, reason = _IMPOSSIBLE[name]
    table = _use(tmp_path, _text(_with(41, **{name: value})))
    assert table["price"].tolist() == expected.drop(41)["price"].tolist()
    assert f"1 {reason}, the first in line 43" in _notes()


@pytest.mark.parametrize("name", _IMPOSSIBLE)
def test_many_impossible_values_refuse_the_file(name, tmp_path):
    value, _ = _IMPOSSIBLE[name]
    rows = [row | ({name: value} if i < 20 else {}) for i, row in enumerate(_rows())]
    line = _refusal(tmp_path, _text(rows))
    assert name in line
    assert "line 2" in line


def test_one_rating_does_not_change_the_scale_of_all(tmp_path, expected):
    table = _use(tmp_path, _text(_with(41, review_scores_rating="95")))
    assert table["review_scores_rating"].max() == expected["review_scores_rating"].max() > 90


def test_two_scales_in_one_file_are_refused(tmp_path):
    rows = _rows()
    for row in rows[:200]:
        for name in row:
            if name.startswith("review_scores") and row[name]:
                row[name] = f"{float(row[name]) * (20 if name.endswith('rating') else 2):.0f}"
    assert "rating of at most 5 among those of up to 100" in _refusal(tmp_path, _text(rows))


@pytest.mark.parametrize("name", ["latitude", "review_scores_rating", "minimum_nights"])
def test_a_cleaned_table_with_impossible_values_is_refused(name, tmp_path, expected):
    table = expected.copy()
    table.loc[5, name] = -5_900_199.0
    table.to_parquet(tmp_path / "mine.parquet")
    with pytest.raises(CourseError, match=f"{name} .* in 1 rows, the first -5,900,199"):
        data.use(tmp_path / "mine.parquet")
