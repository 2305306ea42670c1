"""A learner's own listing file: taken whole, or refused with the reason and nothing changed."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from course_utils import data
from course_utils.data import store
from course_utils.data.in_use import record
from course_utils.data.listings import raw_block
from course_utils.data.schema import COLUMNS
from course_utils.errors import CourseError


@pytest.fixture(scope="module")
def generated(tmp_path_factory) -> Path:
    """A folder with the generated listings, which stand for a learner's files."""
    folder = tmp_path_factory.mktemp("files")
    for name in ("listings", "listings_raw"):
        item = store.DATA_SETS[name]
        item.make(folder / item.file, data.Variant.COURSE)
    return folder


@pytest.fixture(autouse=True)
def _own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COURSE_SCALE", "small")


def _snapshot() -> dict[str, bytes]:
    folder = store.generated("listings").parent.parent
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _raw() -> pd.DataFrame:
    return raw_block(0)


def _save(folder: Path, rows: pd.DataFrame, name: str = "mine.csv") -> Path:
    rows.to_csv(folder / name, index=False)
    return folder / name


# --- files that are taken ------------------------------------------------------------------------


def test_a_raw_csv_is_cleaned_to_the_table_it_came_from(generated):
    used = data.use(generated / "listings_raw.csv")
    assert used.kind == "raw"
    assert (used.rows, used.raw_rows) == (7_000, 7_084)
    assert used.sha256 == store.manifest()["data_sets"]["listings"]["sha256"]
    assert used.notes[0] == "7,084 rows read, 7,000 kept:"
    reasons = ("35 come twice", "7 have no price", "21 ask for more than 365", "7 take no")
    for reason, note in zip(reasons, used.notes[1:], strict=False):
        assert reason in note
        assert ", the first in line " in note
    assert data.get_truth("listings") is None
    assert data.get_truth("customers") is not None
    assert Path(data.locate("listings_raw")).read_bytes() == (
        (generated / "listings_raw.csv").read_bytes()
    )
    assert Path(data.locate("listings")) == used.cleaned


def test_a_packed_csv_is_the_same_file_unpacked(generated, tmp_path):
    packed = tmp_path / "listings.csv.gz"
    packed.write_bytes(gzip.compress((generated / "listings_raw.csv").read_bytes()))
    used = data.use(packed)
    assert used.rows == 7_000
    assert Path(data.locate("listings_raw")).read_bytes() == (
        (generated / "listings_raw.csv").read_bytes()
    )


def test_a_cleaned_parquet_is_kept_unchanged(generated):
    used = data.use(str(generated / "listings.parquet"))
    assert (used.kind, used.rows, used.raw_rows) == ("cleaned", 7_000, None)
    assert Path(data.locate("listings")).read_bytes() == (
        (generated / "listings.parquet").read_bytes()
    )
    with pytest.raises(CourseError, match="already cleaned"):
        data.locate("listings_raw")
    assert Path(data.locate("listings_raw", generated=True)) == store.generated("listings_raw")
    assert data.get_truth("listings_raw") is None


def test_listing_says_what_is_in_use_and_reset_takes_it_back(generated):
    before = data.listing()
    data.use(generated / "listings_raw.csv")
    entries = {entry.name: entry for entry in data.listing()}
    assert entries["listings"].rows == 7_000
    assert entries["listings"].source == str(generated / "listings_raw.csv")
    assert entries["listings_raw"].rows == 7_084
    assert entries["orders"].source == "generated"
    data.reset()
    assert data.listing() == before
    assert data.in_use() is None
    assert data.get_truth("listings") is not None
    assert not list(store.generated("listings").parent.parent.glob("real-*"))
    data.reset()


def test_another_file_replaces_the_first_and_the_same_one_may_come_again(generated):
    first = data.use(generated / "listings_raw.csv")
    second = data.use(generated / "listings.parquet")
    again = data.use(generated / "listings.parquet")
    assert second == again
    assert not first.cleaned.exists()
    assert again.cleaned.exists()


def test_newer_files_lack_columns_and_score_to_five(tmp_path):
    raw = _raw()
    scores = [name for name in raw if str(name).startswith("review_scores")]
    new = raw.drop(columns=["cancellation_policy", "bed_type", "bathrooms"])
    for name in scores:
        parts = 20 if name == "review_scores_rating" else 2
        new[name] = (pd.to_numeric(raw[name]) / parts).map(
            lambda value: None if np.isnan(value) else f"{value:.2f}"
        )
    new["bathrooms_text"] = raw["bathrooms"].map(
        lambda text: {"0.5": "Shared half-bath", "1.0": "1 private bath"}.get(
            text, f"{text} baths"
        ),
        na_action="ignore",
    )
    used = data.use(_save(tmp_path, new))
    old = data.use(_save(tmp_path, raw, "old.csv"))
    found = pd.read_parquet(data.use(tmp_path / "mine.csv").cleaned)
    assert (found["cancellation_policy"] == "unknown").all()
    assert (found["bed_type"] == "unknown").all()
    assert used.rows == old.rows
    assert any("cancellation_policy" in note for note in used.notes)
    assert any("0 to 5" in note for note in used.notes)
    data.use(tmp_path / "old.csv")
    expected = pd.read_parquet(data.locate("listings"))
    numeric = list(expected.select_dtypes("number"))
    assert np.allclose(found[numeric], expected[numeric])


def test_a_few_unreadable_numbers_cost_only_their_rows(tmp_path):
    raw = _raw()
    raw.loc[raw.index[:3], "price"] = "on request"
    before = data.use(_save(tmp_path, _raw(), "whole.csv")).rows
    assert before - 3 <= data.use(_save(tmp_path, raw)).rows < before


# --- files that are refused ----------------------------------------------------------------------

_Make = Callable[[Path, Path], Path]


def _written(name: str, content: bytes) -> _Make:
    def make(folder: Path, generated: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def _cut(name: str, packed: bool = False, end: int = 100_000) -> _Make:
    def make(folder: Path, generated: Path) -> Path:
        content = (generated / name).read_bytes()
        target = folder / (f"{name}.gz" if packed else name)
        target.write_bytes((gzip.compress(content) if packed else content)[:end])
        return target

    return make


def _inside_quotes(folder: Path, generated: Path) -> Path:
    content = (generated / "listings_raw.csv").read_bytes()
    target = folder / "half.csv"
    target.write_bytes(content[: content.index(b"\n- bakery, 2 min") + 5])
    return target


def _damaged(folder: Path, generated: Path) -> Path:
    content = bytearray((generated / "listings.parquet").read_bytes())
    content[4:60_000] = b"\xff" * 59_996
    target = folder / "damaged.parquet"
    target.write_bytes(content)
    return target


def _changed(change: Callable[[pd.DataFrame], pd.DataFrame]) -> _Make:
    """The cleaned table with a change, as Parquet."""

    def make(folder: Path, generated: Path) -> Path:
        rows = change(pq.read_table(generated / "listings.parquet").to_pandas())
        target = folder / "mine.parquet"
        pq.write_table(pa.Table.from_pandas(rows, preserve_index=False), target)
        return target

    return make


def _csv(change: Callable[[pd.DataFrame], pd.DataFrame]) -> _Make:
    """A raw file with a change, as CSV."""

    def make(folder: Path, generated: Path) -> Path:
        return _save(folder, change(_raw()))

    return make


def _with(**columns: Any) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda rows: rows.assign(**columns)


def _gap(rows: pd.DataFrame) -> pd.DataFrame:
    rows.loc[5, "beds"] = np.nan
    return rows


_PAGE = b"\n <!DOCTYPE html><html><body><h1>403 Forbidden</h1></body></html>"
_REFUSED: dict[str, tuple[_Make, str]] = {
    "missing": (lambda folder, _: folder / "nowhere.csv", "no such file"),
    "folder": (lambda folder, _: folder, "folder"),
    "empty": (_written("mine.csv", b""), "empty"),
    "blank": (_written("mine.csv", b"  \n\n"), "empty"),
    "empty-packed": (_written("mine.csv.gz", gzip.compress(b"")), "empty"),
    "page": (_written("listings.csv", _PAGE), "web page"),
    "page-packed": (_written("listings.csv.gz", gzip.compress(_PAGE)), "web page"),
    "page-as-parquet": (_written("listings.parquet", _PAGE), "web page"),
    "xml-error": (_written("listings.csv", b"<?xml version='1.0'?><Error/>"), "web page"),
    "binary": (_written("mine.csv", b"%PDF-1.7\0\1\2" * 50), "neither CSV nor Parquet"),
    "zip": (_written("mine.zip", b"PK\x03\x04\0\0\0"), "zip file is damaged or cut off"),
    "words": (_written("mine.txt", b"Dear reader\nno data here\n"), "neither CSV nor Parquet"),
    "other-csv": (_written("mine.csv", b"a,b\n1,2\n"), "none of the columns"),
    "not-utf8": (_written("mine.csv", "id,x\n1,\xe9\n".encode("latin-1")), "none of the columns"),
    "magic-only": (_written("mine.parquet", b"PAR1PAR1"), "cut off"),
    "cut-parquet": (_cut("listings.parquet"), "cut off"),
    "cut-packed": (_cut("listings_raw.csv", packed=True, end=50_000), "damaged or cut off"),
    "cut-in-quotes": (_inside_quotes, "can't be read as CSV"),
    "damaged-parquet": (_damaged, "damaged"),
    "header-only": (_csv(lambda rows: rows.iloc[:0]), "no rows"),
    "few-rows": (_csv(lambda rows: rows.iloc[:50]), "at least 100"),
    "few-rows-parquet": (_changed(lambda rows: rows.iloc[:50]), "at least 100"),
    "no-rows-parquet": (_changed(lambda rows: rows.iloc[:0]), "no rows"),
    "missing-columns": (
        _csv(lambda rows: rows.drop(columns=["price", "room_type"])),
        "missing columns: room_type, price",
    ),
    "missing-baths": (_csv(lambda rows: rows.drop(columns="bathrooms")), "missing columns: bathr"),
    "missing-columns-parquet": (
        _changed(lambda rows: rows.drop(columns=["latitude", "beds_na"])),
        "missing columns: latitude, beds_na",
    ),
    "more-columns-parquet": (_changed(_with(city="x")), "no lesson expects: city"),
    "text-price": (_csv(_with(price="cheap")), "price should be numbers.*cheap"),
    "yes-no": (_csv(_with(host_is_superhost="maybe")), "host_is_superhost should be t or f.*maybe"),
    "no-price": (_csv(_with(price=None)), "column price is empty in all .* rows.*another date"),
    "no-reviews": (_csv(_with(review_scores_value=None)), "review_scores_value is empty in all"),
    "wrong-types-parquet": (
        _changed(lambda rows: rows.astype({"price": str, "beds": int})),
        "beds is int64, should be double; price is .*string, should be double",
    ),
    "numbers-for-text-parquet": (_changed(_with(room_type=1.0)), "room_type is double"),
    "gaps-parquet": (_changed(_gap), "missing values in beds"),
    "free-parquet": (_changed(_with(price=0.0)), "prices of 0"),
    "yes-no-parquet": (_changed(_with(instant_bookable="yes")), "instant_bookable should be t"),
    "cleaned-as-csv": (
        lambda folder, generated: _save(folder, pd.read_parquet(generated / "listings.parquet")),
        "cleaned table saved as CSV",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", _REFUSED)
def test_a_bad_file_is_refused_and_nothing_changes(case, tmp_path, generated):
    data.use(generated / "listings.parquet")
    before, listing = _snapshot(), data.listing()
    make, reason = _REFUSED[case]
    (tmp_path / "bad").mkdir()
    path = make(tmp_path / "bad", generated)
    with pytest.raises(CourseError, match=reason) as error:
        data.use(path)
    assert "\n" not in str(error.value)
    assert path.name in str(error.value)
    assert "Nothing was changed" in str(error.value)
    assert _snapshot() == before
    assert data.listing() == listing


def test_a_broken_record_says_how_to_mend_it(generated):
    data.use(generated / "listings.parquet")
    record().write_text(json.dumps({"file": "x"}))
    with pytest.raises(CourseError, match="course data reset"):
        data.locate("listings")
    data.reset()
    assert data.in_use() is None


def test_a_copy_that_is_gone_says_how_to_mend_it(generated):
    data.use(generated / "listings.parquet").cleaned.unlink()
    with pytest.raises(CourseError, match="course data use"):
        data.locate("listings")


# --- the real file -------------------------------------------------------------------------------


def test_the_real_file_is_taken(real_data):
    used = data.use(real_data / "sf_airbnb_clean.parquet")
    assert used.rows == 7_146
    table = pq.read_table(data.locate("listings"))
    assert table.shape == (7_146, 34)
    assert tuple(table.column_names) == COLUMNS
    assert data.get_truth("listings") is None
