"""Generated data are what their truth says, and the same on every machine."""

import json

import numpy as np
import pandas as pd
import pytest

from course_utils.data import Variant, store
from course_utils.data.cleaning import clean
from course_utils.data.listings import clean_block, raw_block
from course_utils.data.orders import orders, stores
from course_utils.data.schema import COLUMNS, IMPUTED, NUMERIC, SMALL_BLOCKS, TEXT
from course_utils.data.truth import Truth


@pytest.fixture(scope="module", params=Variant, ids=lambda variant: variant.value)
def variant(request) -> Variant:
    """Whatever a generator promises holds for the course's data and for their sibling."""
    return request.param


@pytest.fixture(scope="module")
def listings(variant) -> pd.DataFrame:
    return pd.concat([clean_block(i, variant) for i in range(SMALL_BLOCKS)], ignore_index=True)


def _dummies(frame: pd.DataFrame, truth: Truth, *columns: str) -> pd.DataFrame:
    parts = {
        f"{column}={name}": (frame[column] == name).astype(float)
        for column in columns
        for name in frame[column].unique()
        if name != truth.references[column]
    }
    return pd.DataFrame(parts)


def _fit(
    features: pd.DataFrame, label: pd.Series
) -> tuple[pd.Series, pd.Series, np.ndarray, np.ndarray]:
    """Least squares: coefficients, their standard errors, predictions, residuals."""
    x = features.assign(intercept=1.0)
    solution, *_ = np.linalg.lstsq(x.to_numpy(), label.to_numpy(), rcond=None)
    predicted = x.to_numpy() @ solution
    residuals = label.to_numpy() - predicted
    variance = residuals @ residuals / (len(x) - x.shape[1])
    errors = np.sqrt(variance * np.diag(np.linalg.inv(x.T @ x)))
    return pd.Series(solution, x.columns), pd.Series(errors, x.columns), predicted, residuals


def _moment(values: np.ndarray, power: int) -> float:
    """Standardized moment: 0 and 3 for normal values at powers 3 and 4."""
    return float((((values - values.mean()) / values.std()) ** power).mean())


def _true(truth: Truth, name: str) -> float:
    if name == "intercept":
        return truth.intercept
    column, _, category = name.partition("=")
    return truth.effects[column][category] if category else truth.coefficients[name]


def test_every_file_generated_anew_has_the_hash_of_the_manifest(tmp_path, monkeypatch):
    committed = store.MANIFEST.read_text(encoding="utf-8")
    monkeypatch.setattr(store, "MANIFEST", tmp_path / "manifest.json")
    assert store.write_manifest()
    again = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    for part in ("data_sets", "siblings"):
        assert again[part] == json.loads(committed)[part]
    assert not store.write_manifest(), "a second run changes nothing"


def test_listings_have_the_columns_and_types_of_the_cleaned_file(listings, variant):
    assert tuple(listings.columns) == COLUMNS
    assert len(COLUMNS) == 34
    assert all(listings[name].dtype == "float64" for name in NUMERIC)
    assert all(pd.api.types.is_string_dtype(listings[name]) for name in TEXT)
    assert not listings.isna().any().any()
    assert not listings.duplicated().any()
    assert len(listings) == store.known("listings", variant)["rows"]


def test_a_block_depends_on_its_number_alone(variant):
    late = clean_block(5, variant)
    clean_block(1, variant)
    pd.testing.assert_frame_equal(clean_block(5, variant), late)
    assert not clean_block(6, variant).equals(late)


def test_listings_look_like_the_real_ones(listings):
    price = listings["price"]
    assert 140 <= price.median() <= 180
    assert 2_000 <= price.max() <= 10_000
    assert (price % 1 == 0).all()
    assert price.min() >= 10
    shares = listings["neighbourhood_cleansed"].value_counts(normalize=True)
    assert 28 <= len(shares) <= 31
    assert shares.iloc[0] > 0.08
    assert shares.iloc[-1] < 0.002
    assert 0.18 <= listings["review_scores_rating_na"].mean() <= 0.22
    sizes = listings[["accommodates", "bedrooms", "beds"]].corr().to_numpy()
    assert sizes.min() > 0.6
    rooms = listings["room_type"].value_counts(normalize=True)
    assert 0.56 <= rooms["Entire home/apt"] <= 0.64
    for name in IMPUTED:
        known = listings.loc[listings[f"{name}_na"] == 0.0, name]
        assert (listings.loc[listings[f"{name}_na"] == 1.0, name] == known.median()).all()


@pytest.mark.parametrize(
    "categories",
    [
        ("room_type", "neighbourhood_cleansed", "property_type", "host_is_superhost"),
        ("room_type", "host_is_superhost"),
    ],
    ids=["all", "without-place-and-property"],
)
def test_regression_of_log_price_recovers_the_truth(listings, categories, variant):
    truth = store.truth_of("listings", variant)
    numeric = [
        name
        for name in NUMERIC
        if name != "price" and (not name.endswith("_na") or name == "review_scores_rating_na")
        and name not in ("latitude", "longitude")
    ]  # fmt: skip
    features = pd.concat([listings[numeric], _dummies(listings, truth, *categories)], axis=1)
    found, errors, _, residuals = _fit(features, np.log(listings["price"]))
    for name in [name for name in found.index if name != "intercept"]:
        assert abs(found[name] - _true(truth, name)) < 4 * errors[name], name
    assert abs(_moment(residuals, 3)) < 0.2
    assert abs(_moment(residuals, 4) - 3) < 0.5
    if "neighbourhood_cleansed" in categories:
        assert residuals.std() == pytest.approx(truth.sigma, rel=0.03)
        assert abs(found["intercept"] - truth.intercept) < 4 * errors["intercept"]


def test_the_noise_floor_is_what_the_true_model_leaves(listings, variant):
    truth = store.truth_of("listings", variant)
    log_errors = np.log(listings["price"]) - truth.mean_log_price(listings)
    assert log_errors.std() == pytest.approx(truth.noise_floor, rel=0.03)
    assert log_errors.mean() == pytest.approx(0, abs=0.02)
    errors = listings["price"] - truth.mean_price(listings)
    assert np.sqrt((errors**2).mean()) == pytest.approx(truth.price_noise_floor(listings), rel=0.1)
    r2 = 1 - log_errors.var() / np.log(listings["price"]).var()
    assert truth.best_r2(listings) == pytest.approx(r2, abs=0.02)


def test_linear_regression_of_price_helps_but_breaks_its_assumptions(listings, variant):
    truth = store.truth_of("listings", variant)
    price = listings["price"]
    slope, intercept = np.polyfit(listings["bedrooms"], price, 1)
    assert 80 <= slope <= 200
    assert intercept > 0
    numeric = [name for name in NUMERIC if name != "price" and not name.endswith("_na")]
    features = pd.concat(
        [listings[numeric], _dummies(listings, truth, "room_type", "neighbourhood_cleansed")],
        axis=1,
    )
    _, _, predicted, residuals = _fit(features, price)
    assert truth.price_noise_floor(listings) < residuals.std() < 0.9 * price.std()
    assert _moment(residuals, 3) > 1, "not normal"
    low, high = predicted < np.median(predicted), predicted > np.quantile(predicted, 0.9)
    assert residuals[high].std() > 2 * residuals[low].std(), "not homoscedastic"


@pytest.mark.parametrize("block", [0, 3, 1_234])
def test_a_raw_block_cleaned_is_the_clean_block(block, tmp_path, variant):
    raw = raw_block(block, variant)
    cleaned = clean(raw, tmp_path / "raw.csv").listings
    # The medians of a single block may differ from those of all blocks: compare before imputing.
    expected = clean_block(block, variant)
    for name in IMPUTED:
        gaps = expected[f"{name}_na"] == 1.0
        cleaned.loc[gaps, name] = expected.loc[gaps, name]
    pd.testing.assert_frame_equal(cleaned, expected, check_dtype=False)


def test_the_raw_file_is_as_messy_as_a_scraped_one(variant):
    raw = raw_block(2, variant)
    assert raw.shape[1] >= 40
    assert raw["id"].duplicated().any()
    assert raw["summary"].str.contains("\n").any()
    assert raw["name"].str.contains('"').any()
    assert raw["name"].str.contains(",").any()
    assert raw["price"].str.fullmatch(r"\$[\d,]+\.\d\d").all()
    assert (raw["price"] == "$0.00").any()
    assert (pd.to_numeric(raw["minimum_nights"]) > 365).any()
    assert raw["review_scores_rating"].isna().any()
    assert any(
        raw_block(block, variant)["price"].str.contains(",").any() for block in range(SMALL_BLOCKS)
    )


def _iso(text: str) -> str:
    if "." in text:
        day, month, year = text.split(".")
    elif "/" in text:
        month, day, year = text.split("/")
    else:
        year, month, day = text.split("-")
    return f"{year}-{month}-{day}"


def test_customers_are_the_people_of_their_truth(variant):
    from course_utils.data.customers import COLUMNS as NAMES
    from course_utils.data.customers import customers

    records, truth = customers(variant), store.truth_of("customers", variant)
    assert tuple(records.columns) == NAMES
    assert len(records) == truth.records == store.known("customers", variant)["rows"]
    assert not records.isna().any().any()
    assert not records.apply(lambda column: column.str.contains("|", regex=False)).any().any()

    plain = pd.DataFrame(
        {
            "email": records["email"].str.lower(),
            "phone": records["phone"].str.replace(r"\D", "", regex=True).str[-10:],
            "name": records["given_name"].str.lower() + " " + records["family_name"].str.lower(),
            "born": records["birth_date"].map(_iso),
        }
    )
    keys = ["email", "phone", "born"]
    people = plain.drop_duplicates(keys)
    assert len(people) == truth.people
    assert len(plain.drop_duplicates()) == truth.people, "names and dates agree too"
    sizes = plain.groupby(keys).size()
    assert (sizes > 1).sum() == truth.repeated
    assert people.duplicated(["name", "born"], keep=False).sum() == truth.twins
    assert people["phone"].duplicated().sum() == truth.shared_phones
    assert people["email"].duplicated().sum() == truth.shared_emails
    # Each of the three keys decides somewhere
    assert people.duplicated(["email", "phone"]).sum() == truth.couples > 0
    assert people.duplicated(["email", "born"]).sum() == truth.mailbox_twins > 0
    assert people.duplicated(["phone", "born"]).sum() == truth.landline_twins > 0
    assert records["email"].str.lower().ne(records["email"]).any()
    assert records["phone"].str.contains(r"^\+1 ").any()
    # Some have the same text in every column, most do not.
    assert 0 < records.duplicated().sum() < 0.3 * (truth.records - truth.people)


def test_brennholm_has_the_defects_of_its_truth(variant):
    from course_utils.data import brennholm as city

    records, truth = city.brennholm(variant), store.truth_of("brennholm", variant)
    assert tuple(records.columns) == city.COLUMNS
    assert len(records) == truth.records == truth.listings + truth.same_again + truth.updated
    assert records["id"].nunique() == truth.listings
    assert records.duplicated().sum() == truth.same_again
    assert records["summary"].str.contains("\n").any()
    assert records["summary"].str.contains(";").any()
    assert records["name"].str.contains('"').any()

    # Dates are read by their parts: as text the newer one need not come last
    written = records["last_updated"].str.split(".").str[::-1].str.join("-")
    newest = (
        records.assign(day=written)
        .sort_values("day", kind="stable")
        .drop_duplicates("id", keep="last")
    )
    in_text_order = records.sort_values("last_updated").drop_duplicates("id", keep="last")
    assert set(in_text_order.index) != set(newest.index)

    plain = newest.replace({",": "."}, regex=True)
    assert (plain["latitude"].astype(float) < 60).sum() == truth.swapped
    assert (plain["longitude"].astype(float) > 60).sum() == truth.swapped
    impossible = (
        newest["price"].isin([city.ON_REQUEST, "0,00 kr"])
        | (newest["accommodates"] == "0")
        | (newest["minimum_nights"] == "9999")
    )
    assert impossible.sum() == truth.impossible
    kept = newest[~impossible]
    assert (kept["minimum_nights"] == "365").sum() == truth.year_long > 0
    assert (kept["review_scores_rating"] == "999").sum() == truth.unrated
    assert (kept["bedrooms"] == "-1").sum() == truth.unknown_bedrooms
    assert kept["occupancy_rate"].isna().sum() == truth.unknown_occupancy
    assert kept["price"].str.fullmatch(r"(\d{1,3}\.)?\d{1,3},\d\d kr").all()
    assert kept["price"].str.contains(r"\.").sum() > 300, "thousands have a point"


def test_brennholm_tells_mean_median_and_mode_apart(variant):
    from course_utils.data.brennholm import _rows

    rows = _rows(variant)
    rating, rooms = rows["review_scores_rating"], rows["bedrooms"]
    assert rating.median() - rating.mean() > 0.05
    assert rooms.mode()[0] != rooms.median()
    occupancy = rows["occupancy_rate"]
    assert abs(occupancy.mean() - occupancy.median()) < 0.01, "nearly symmetric"


def test_orders_are_skewed_as_their_truth_says(variant):
    table, shops = orders(variant).to_pandas(), stores(variant).to_pandas()
    truth = store.truth_of("orders", variant)
    assert (len(table), len(shops)) == (truth.orders, truth.stores)
    counts = table["store_id"].value_counts()
    assert counts.index[0] == truth.hot_store
    assert counts.iloc[0] == truth.hot_orders
    assert truth.hot_share > 0.6
    assert counts.iloc[1] < 1_000
    assert shops["store_id"].is_unique
    assert set(table["store_id"]) == set(shops["store_id"])
    assert table["order_id"].is_unique


def test_trips_become_the_table_of_their_truth(variant):
    from course_utils.data.trips import COLUMNS as NAMES
    from course_utils.data.trips import day

    truth = store.truth_of("trips_day1", variant)
    table: dict[int, tuple] = {}
    for number in range(1, 5):
        rows = day(number, variant)
        assert tuple(rows.columns)[:6] == NAMES
        seen = dict.fromkeys(("late", "newer", "older"), 0)
        first_day = set(day(1, variant)["trip_id"]) if number == 3 else set()
        for trip_id, minutes, price, updated_at in zip(
            *(rows[name] for name in ("trip_id", "minutes", "price", "updated_at")), strict=True
        ):
            known = table.get(trip_id)
            if known is None:
                seen["late"] += number == 3 and trip_id < 200_000
                assert trip_id not in first_day
            else:
                seen["newer" if updated_at > known[2] else "older"] += 1
                assert updated_at != known[2]
            if known is None or updated_at > known[2]:
                table[trip_id] = (minutes, price, updated_at)
        assert len(rows) == truth.rows[number - 1]
        assert len(table) == truth.table_rows[number - 1]
        assert sum(item[0] for item in table.values()) == truth.table_minutes[number - 1]
        revenue = sum(item[1] for item in table.values())
        assert revenue == pytest.approx(truth.table_revenue[number - 1], abs=0.005)
        if number == 3:
            assert seen["late"] == truth.late
            assert seen["newer"] + seen["older"] == truth.corrections + truth.stale
            repeated = rows["trip_id"].duplicated().sum()
            assert repeated == truth.repeated
            twice = rows[rows["trip_id"].duplicated(keep=False)].groupby("trip_id")
            for i, name in enumerate(("minutes", "price")):
                largest = twice[name].max()  # which is not always that of the newest row
                pairs = zip(largest.index.tolist(), largest.tolist(), strict=True)
                lowered = sum(table[trip][i] < value for trip, value in pairs)
                assert lowered == truth.lowered > 0
        else:
            assert rows["trip_id"].is_unique
    assert "bike_kind" not in day(3, variant)
    assert "bike_kind" in day(4, variant)
    assert day(5, variant)["minutes"].str.fullmatch(r"\d+ min").all()


def test_trips_of_a_day_take_place_on_that_day_but_for_late_ones(variant):
    from course_utils.data.trips import day

    for number in (1, 2, 4, 5):
        assert (day(number, variant)["started_at"].dt.day == 5 + number).all()
    third = day(3, variant)
    assert set(third["started_at"].dt.day) == {6, 7, 8}


def test_riders_decide_by_what_was_known_and_leave_after_it(variant):
    from course_utils.data import riders as share

    truth = store.truth_of("renewals", variant)
    people, weeks, decided = (
        table.to_pandas()
        for table in (
            share.riders(variant),
            share.rider_weeks(variant),
            share.renewals(variant),
        )
    )
    assert len(people) == len(decided) == truth.riders
    assert people["rider_id"].is_unique
    assert decided["rider_id"].is_unique
    assert len(weeks) == truth.riders * truth.weeks
    assert not weeks.duplicated(["rider_id", "known_at"]).any()
    assert decided["cancelled"].sum() == truth.cancelled
    assert (weeks["failed_unlocks"] <= weeks["rides"]).all()

    seen = pd.merge_asof(
        decided,
        weeks.sort_values("known_at"),
        left_on="decided_at",
        right_on="known_at",
        by="rider_id",
    ).merge(people, on="rider_id")
    seen["price"] = seen["yearly_fee"] * (1 - seen["offer"] / 100)
    odds = truth.intercept + sum(c * seen[name] for name, c in truth.coefficients.items())
    expected = 1 / (1 + np.exp(-np.asarray(odds)))
    surprise: pd.Series = (seen["cancelled"] - expected) / np.sqrt(expected * (1 - expected))
    assert abs(surprise.sum()) < 3 * np.sqrt(len(seen))
    for name in truth.coefficients:
        lean = (seen["cancelled"] - expected) * (seen[name] - seen[name].mean())
        assert abs(lean.sum()) < 3 * np.sqrt((lean**2).sum()), name

    # Four weeks after a decision nothing before it is left in the sums
    later = weeks.merge(decided, on="rider_id")
    later = later[later["known_at"] >= later["decided_at"] + pd.Timedelta(weeks=5)]
    rides = later.groupby("cancelled")["rides"].mean()
    assert rides[1] < 1 < rides[0]
    assert later.loc[later["cancelled"] == 1, "failed_unlocks"].max() == 0


def _least_squares(rows: pd.DataFrame) -> tuple[np.ndarray, float]:
    """Intercept and slopes of one device, and what is left of its energy."""
    x = rows[["load", "outside"]].assign(one=1.0)[["one", "load", "outside"]].to_numpy()
    found, *_ = np.linalg.lstsq(x, rows["energy"].to_numpy(), rcond=None)
    return found, float((rows["energy"] - x @ found).std())


def test_devices_follow_the_laws_of_their_truth(variant):
    from course_utils.data import devices as units

    truth = store.truth_of("readings", variant)
    known, told = units.devices(variant).to_pandas(), units.readings(variant).to_pandas()
    assert (len(known), len(told)) == (truth.devices, truth.readings)
    assert known["device_id"].tolist() == truth.coefficients.index.tolist()
    assert set(told["device_id"]) == set(known["device_id"])
    assert set(known["model"]) == set(truth.models.index)
    assert not told.duplicated(["device_id", "at"]).any()
    assert told["at"].is_monotonic_increasing
    assert not (told["energy"] <= 0).any()
    assert not told.drop(columns="energy").isna().any().any()

    rows = told.groupby("device_id").size()
    odd = [number for numbers in truth.broken.values() for number in numbers]
    ordinary = rows.drop([*truth.large, *truth.broken["single"]])
    assert ordinary.between(30, 50).all()
    assert rows[list(truth.large)].min() > 48 * ordinary.mean()
    assert len({*truth.large, *odd}) == len(truth.large) + len(odd) == 13

    sound = told[~told["device_id"].isin(odd)]
    assert np.isfinite(sound[["load", "outside", "energy"]]).all().all()
    laws = truth.coefficients.loc[sound["device_id"]].to_numpy()
    x = sound[["load", "outside"]].to_numpy()
    noise = sound["energy"].to_numpy() - laws[:, 0] - (laws[:, 1:] * x).sum(axis=1)
    assert noise.std() == pytest.approx(truth.sigma, rel=0.02)
    assert abs(noise.mean()) < 4 * truth.sigma / np.sqrt(len(noise))
    for number in truth.large:
        found, left = _least_squares(sound[sound["device_id"] == number])
        assert found == pytest.approx(truth.coefficients.loc[number].to_numpy(), rel=0.05)
        assert left == pytest.approx(truth.sigma, rel=0.1)
    around = truth.coefficients - truth.models.loc[known["model"]].to_numpy()
    assert (around.mean().abs() < 5 * around.std() / np.sqrt(len(around))).all()


def test_each_broken_device_is_broken_in_its_own_way(variant):
    from course_utils.data import devices as units

    truth, told = store.truth_of("readings", variant), units.readings(variant).to_pandas()
    reported = {
        kind: told[told["device_id"].isin(numbers)] for kind, numbers in truth.broken.items()
    }
    assert all(len(numbers) == 1 for numbers in truth.broken.values())
    assert reported["unmeasured"]["energy"].isna().all()
    assert told["energy"].isna().sum() == len(reported["unmeasured"])
    assert np.isinf(reported["infinite"]["load"]).sum() == np.isinf(told["load"]).sum() == 3
    assert len(reported["single"]) == 1
    assert reported["stuck"]["load"].nunique() == 1
    _, stuck = _least_squares(reported["stuck"])
    _, erratic = _least_squares(reported["erratic"])
    assert stuck > 4 * truth.sigma
    assert erratic == pytest.approx(truth.erratic_factor * truth.sigma, rel=0.3)
    assert erratic > 2 * stuck, "one is far worse than all others"


def test_ratings_come_from_the_factors_of_their_truth(variant):
    from course_utils.data import films as cinema

    truth = store.truth_of("ratings", variant)
    films, rated = cinema.films(variant).to_pandas(), cinema.ratings(variant).to_pandas()
    assert (len(films), len(rated)) == (truth.films, truth.ratings)
    assert films["film_id"].tolist() == truth.film_factors.index.tolist()
    assert rated["user_id"].unique().tolist() == truth.user_factors.index.tolist()
    assert len(truth.user_factors) == truth.users
    assert set(films["film_id"]) - set(rated["film_id"]) == set(truth.unrated)
    assert len(truth.unrated) >= 10
    assert not rated.duplicated(["user_id", "film_id"]).any()
    assert rated["rating"].isin(np.arange(0.5, 5.5, 0.5)).all()
    assert rated.groupby("user_id")["timestamp"].is_monotonic_increasing.all()
    each = rated.groupby("user_id").size()
    assert sorted(each[each < 15].index) == sorted(truth.newcomers)
    assert set(each[list(truth.newcomers)]) == {1, 2, 3}
    viewers = rated.groupby("film_id").size().sort_values(ascending=False)
    assert viewers.head(len(viewers) // 10).sum() > 0.35 * len(rated), "a long tail"
    assert viewers.median() < 0.6 * viewers.mean()

    pairs = rated["user_id"], rated["film_id"]
    errors = rated["rating"] - truth.expected(*pairs)
    assert abs(errors.mean()) < 4 * errors.std() / np.sqrt(len(errors))
    floor = truth.rmse_floor(*pairs)
    assert np.sqrt((errors**2).mean()) == pytest.approx(floor, rel=0.02)
    for axis in truth.axes:  # nothing that the factors know is left
        own, other = (
            factors.loc[numbers, axis].to_numpy()
            for factors, numbers in zip(
                (truth.user_factors, truth.film_factors), pairs, strict=True
            )
        )
        assert abs(np.corrcoef(own * other, errors)[0, 1]) < 0.02
        assert np.corrcoef(own * other, rated["rating"])[0, 1] > 0.1
    assert floor < 0.7 * rated["rating"].std(), "there is much to find"
    with pytest.raises(KeyError):
        truth.expected([0], [1])


def test_the_expected_rating_is_what_many_draws_give(variant):
    truth = store.truth_of("ratings", variant)
    draw = np.random.default_rng(0)
    users = draw.choice(truth.user_factors.index, 20)
    films = draw.choice(truth.film_factors.index, 20)
    own, other = truth.user_factors.loc[users], truth.film_factors.loc[films]
    axes = list(truth.axes)
    exact = truth.mean + own["bias"].to_numpy() + other["bias"].to_numpy()
    exact += (own[axes].to_numpy() * other[axes].to_numpy()).sum(axis=1)
    draws = exact + truth.sigma * draw.standard_normal((40_000, 20))
    stars = np.clip(np.round(2 * draws) / 2, 0.5, 5)
    assert truth.expected(users, films) == pytest.approx(stars.mean(axis=0), abs=0.02)
    floor = float(np.sqrt(stars.var(axis=0).mean()))
    assert truth.rmse_floor(users, films) == pytest.approx(floor, rel=0.02)


def test_titles_are_unique_and_tell_what_kind_of_film_it_is(variant):
    from course_utils.data import films as cinema

    films, truth = cinema.films(variant).to_pandas(), store.truth_of("films", variant)
    assert films["title"].is_unique
    assert films["year"].between(1950, 2023).all()
    genres = films["genres"].str.split("|")
    assert genres.map(len).between(1, 3).all()
    assert genres.map(lambda few: few == sorted(set(few))).all()
    assert genres.explode().nunique() == 12
    factors = truth.film_factors.reset_index(drop=True)
    dark = films["title"].str.contains("Funeral|Verdict|Siege|Ransom")
    assert dark.sum() > 20
    assert (factors.loc[dark, "dark"] > 0).all()
    assert factors.loc[films["genres"].str.contains("Horror"), "dark"].mean() > 0.3
    assert factors.loc[films["genres"].str.contains("Documentary"), "action"].mean() < -0.3
