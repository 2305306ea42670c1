"""What is known about generated data because it was put there.

A learner's own file has no truth: `get_truth("listings")` is then None.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd


@dataclass(frozen=True)
class Truth:
    """How the price of a generated listing comes about.

    log(price) = intercept + sum of coefficient * column + sum of effects of categories + noise,
    where noise is normal with mean 0 and standard deviation `sigma`, equal for all rows. The
    price is then rounded to whole dollars. The columns are those of the cleaned table, so an
    imputed value counts as it stands there.

    Attributes:
        intercept: log(dollars) at zero in all numeric columns and the reference categories.
        coefficients: log(dollars) per unit of each numeric column. All numeric columns but the
            price are there; 0.0 means that the column has no influence of its own.
        effects: for each categorical column that matters, log(dollars) per category beside its
            reference category, whose effect is 0.0.
        sigma: standard deviation of the noise, log(dollars). No model that sees only these
            columns has a lower RMSE of log(price) on new rows, except by chance.
    """

    intercept: float
    coefficients: Mapping[str, float]
    effects: Mapping[str, Mapping[str, float]]
    sigma: float

    @property
    def references(self) -> Mapping[str, str]:
        """The category of each categorical column whose effect is 0.0."""
        return MappingProxyType(
            {
                column: next(name for name, effect in effects.items() if effect == 0.0)
                for column, effects in self.effects.items()
            }
        )

    @property
    def noise_floor(self) -> float:
        """Lowest expected RMSE of log(price), in log(dollars). The same number as `sigma`."""
        return self.sigma

    def mean_log_price(self, listings: "pd.DataFrame") -> "npt.NDArray[np.float64]":
        """log(price) without its noise, one number per row, in log(dollars).

        Args:
            listings: rows of the cleaned table as pandas (`load("listings").toPandas()`).
        """
        import numpy as np

        total = np.full(len(listings), self.intercept)
        for column, coefficient in self.coefficients.items():
            if coefficient:
                total += coefficient * listings[column].to_numpy(dtype=float)
        for column, effects in self.effects.items():
            total += listings[column].map(dict(effects)).to_numpy(dtype=float)
        return total

    def mean_price(self, listings: "pd.DataFrame") -> "npt.NDArray[np.float64]":
        """The best possible prediction of the price under squared error, in dollars per night.

        It is exp(mean_log_price + sigma**2 / 2), because the mean of a log-normal variable lies
        above its median, exp(mean_log_price).
        """
        import numpy as np

        return np.exp(self.mean_log_price(listings) + self.sigma**2 / 2)

    def price_noise_floor(self, listings: "pd.DataFrame") -> float:
        """Lowest expected RMSE of the price on these rows, in dollars per night.

        The noise multiplies the price, so this floor, unlike `noise_floor`, depends on the rows:
        dear listings carry more of it. Rounding to whole dollars is left out (below 0.3 dollars).
        """
        import numpy as np

        variance = self.mean_price(listings) ** 2 * (np.exp(self.sigma**2) - 1)
        return float(np.sqrt(variance.mean()))

    def best_r2(self, listings: "pd.DataFrame") -> float:
        """Highest expected R² of log(price) on these rows (no unit, at most 1)."""
        explained = float(self.mean_log_price(listings).var())
        return explained / (explained + self.sigma**2)


@dataclass(frozen=True)
class CustomersTruth:
    """What is in the customer file.

    Attributes:
        records: lines below the header.
        people: distinct people. Two records are of one person exactly when their e-mails agree
            after lower-casing, their phones in the last ten digits, and their birth dates.
        repeated: people who have more than one record.
        twins: people who share given name, family name and birth date with another person.
        shared_phones: phone numbers used by two people.
        shared_emails: e-mail addresses used by two people.
        couples: pairs who share e-mail and phone, with different birth dates.
        mailbox_twins: pairs who share e-mail and birth date, with different phones.
        landline_twins: pairs who share phone and birth date, with different e-mails.
    """

    records: int
    people: int
    repeated: int
    twins: int
    shared_phones: int
    shared_emails: int
    couples: int
    mailbox_twins: int
    landline_twins: int


@dataclass(frozen=True)
class OrdersTruth:
    """What is in the orders and stores.

    Attributes:
        orders: rows of orders.
        stores: rows of stores.
        hot_store: the `store_id` that most orders have (the web shop).
        hot_orders: orders at that store.
    """

    orders: int
    stores: int
    hot_store: int
    hot_orders: int

    @property
    def hot_share(self) -> float:
        """Share of the orders at the web shop (0 to 1)."""
        return self.hot_orders / self.orders


@dataclass(frozen=True)
class TripsTruth:
    """What the five daily files of the bike share hold, and what is right after each upsert.

    The table after day n has one row per `trip_id` seen until then, the one with the latest
    `updated_at`. Day 5 is left out: its minutes are text and must be rejected.

    Attributes:
        rows: rows of each file, days 1 to 5.
        late: rows of day 3 that are trips of day 1 seen for the first time.
        corrections: rows of day 3 that correct a trip of day 1 or 2 (newer `updated_at`).
        repeated: of these, trips that are corrected twice in the same file (the newer one holds).
        lowered: of these, trips whose second correction has fewer minutes and a lower price.
        stale: rows of day 3 older than what the table already has, which must change nothing.
        table_rows: rows of the table after day 1, 2, 3, 4.
        table_minutes: sum of `minutes` in the table after day 1, 2, 3, 4.
        table_revenue: sum of `price` in the table after day 1, 2, 3, 4, dollars.
    """

    rows: tuple[int, ...]
    late: int
    corrections: int
    repeated: int
    lowered: int
    stale: int
    table_rows: tuple[int, ...]
    table_minutes: tuple[int, ...]
    table_revenue: tuple[float, ...]


@dataclass(frozen=True)
class BrennholmTruth:
    """What is in the file of the second city.

    Attributes:
        records: records below the header.
        listings: different listings, by `id`.
        same_again: listings that are there twice with the same row.
        updated: listings that are there twice, the second time with a later `last_updated`.
        swapped: listings whose latitude and longitude have changed places.
        impossible: listings whose newest row has no price above 0, no guests, or a minimum stay
            of more than 365 nights.
        year_long: of the others, those with a minimum stay of 365 nights.
        unrated: of the others, those without a rating (written as 999).
        unknown_bedrooms: of the others, those without a number of bedrooms (written as -1).
        unknown_occupancy: of the others, those without an occupancy rate.
    """

    records: int
    listings: int
    same_again: int
    updated: int
    swapped: int
    impossible: int
    year_long: int
    unrated: int
    unknown_bedrooms: int
    unknown_occupancy: int


@dataclass(frozen=True)
class RidersTruth:
    """How the riders of the bike share decide on the next year of their pass.

    The odds of cancelling are exp(intercept + sum of coefficient * value), with the values of the
    newest row of `rider_weeks` at the time of the decision. Whoever cancels hardly rides from the
    next week on.

    Attributes:
        riders: rows of `riders` and of `renewals`.
        weeks: rows of `rider_weeks` per rider.
        cancelled: riders who cancelled.
        intercept: log odds at zero in everything.
        coefficients: log odds per unit of `rides`, `failed_unlocks`, `home_km` and `price`, which
            is yearly_fee * (1 - offer / 100). Nothing else has an influence.
    """

    riders: int
    weeks: int
    cancelled: int
    intercept: float
    coefficients: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class ReadingsTruth:
    """How the energy that a device reports comes about, and which devices are broken.

    energy = intercept + load * (its coefficient) + outside * (its coefficient) + noise, with
    coefficients of each device and normal noise of mean 0 and standard deviation `sigma`, in kWh.

    Attributes:
        devices: rows of `devices`.
        readings: rows of `readings`.
        sigma: standard deviation of the noise, kWh.
        erratic_factor: by how much the noise of the erratic device is larger.
        large: `device_id`s of those that report every hour, and so have about 50 times the rows.
        broken: `device_id`s by what is wrong with them: "unmeasured" (every energy is missing),
            "infinite" (some loads are), "single" (one row only), "stuck" (the load reported never
            changes, the energy follows the true one) and "erratic" (noise of
            erratic_factor * sigma). No other device is broken.
        coefficients: by `device_id`, columns `intercept` (kWh), `load` (kWh at full load) and
            `outside` (kWh per °C).
        models: by `model`, the same columns: what the devices of a model vary around.
    """

    devices: int
    readings: int
    sigma: float
    erratic_factor: float
    large: tuple[int, ...]
    broken: Mapping[str, tuple[int, ...]]
    coefficients: "pd.DataFrame"
    models: "pd.DataFrame"


@dataclass(frozen=True, eq=False)
class RatingsTruth:
    """How a user comes to rate a film.

    The rating is mean + bias of the user + bias of the film + taste of the user · taste of the
    film + noise, rounded to halves and cut to 0.5 to 5.0. The noise is normal with mean 0 and
    standard deviation `sigma`, and is independent of which films a user has rated; those tend to
    suit the user. A factorization without biases, such as Spark's, holds this law in rank + 2.

    Attributes:
        users: users, each with one rating at least.
        films: rows of `films`.
        ratings: rows of `ratings`.
        rank: number of axes of taste.
        mean: stars, with no bias and no taste.
        sigma: standard deviation of the noise before rounding, stars.
        axes: their names. Genres decide the first two.
        user_factors: by `user_id`, columns `bias` (stars) and the axes.
        film_factors: by `film_id`, the same columns.
        unrated: `film_id`s that nobody has rated.
        newcomers: `user_id`s with one to three ratings.
    """

    users: int
    films: int
    ratings: int
    rank: int
    mean: float
    sigma: float
    axes: tuple[str, ...]
    user_factors: "pd.DataFrame"
    film_factors: "pd.DataFrame"
    unrated: tuple[int, ...]
    newcomers: tuple[int, ...]

    def expected(
        self, user_ids: Iterable[int], film_ids: Iterable[int]
    ) -> "npt.NDArray[np.float64]":
        """The mean rating to expect of each pair, in stars: the best prediction by RMSE.

        It is the rating without its noise, but for what rounding and the ends of the scale do.

        Raises:
            KeyError: no such user or film.
        """
        mean, _ = self._moments(user_ids, film_ids)
        return mean

    def rmse_floor(self, user_ids: Iterable[int], film_ids: Iterable[int]) -> float:
        """Lowest expected RMSE on these pairs, in stars.

        Raises:
            KeyError: no such user or film.
        """
        _, variance = self._moments(user_ids, film_ids)
        return float(variance.mean() ** 0.5)

    def _moments(
        self, user_ids: Iterable[int], film_ids: Iterable[int]
    ) -> tuple["npt.NDArray[np.float64]", "npt.NDArray[np.float64]"]:
        """Mean and variance of the rating of each pair."""
        import numpy as np
        from scipy.special import ndtr

        columns = ["bias", *self.axes]
        users = self.user_factors.loc[list(user_ids), columns].to_numpy()
        films = self.film_factors.loc[list(film_ids), columns].to_numpy()
        exact = self.mean + users[:, 0] + films[:, 0] + (users[:, 1:] * films[:, 1:]).sum(axis=1)
        stars = np.arange(0.5, 5.5, 0.5)
        # A rating is at most so many stars where the sum is below the next border of rounding
        below = ndtr((stars[:-1] + 0.25 - exact[:, None]) / self.sigma)
        odds = np.diff(below, axis=1, prepend=0.0, append=1.0)
        mean = odds @ stars
        return mean, odds @ stars**2 - mean**2


@dataclass(frozen=True, eq=False)
class ChurnTruth:
    """How likely each customer of the churn table was to leave.

    `churned` was drawn with this probability, so no model orders customers better on new rows,
    except by chance. A tenth of the usages, on which it depends a little, are missing in the
    table: what can be reached from the columns alone is a hair less.

    Attributes:
        probability: of leaving, by `customer_id` (pandas Series, 0 to 1).
    """

    probability: "pd.Series"

    def best_auc(self, customer_ids: Iterable[int]) -> float:
        """Highest expected ROC AUC on these customers (0 to 1).

        The true probabilities reach it on the average over all answers that could have been
        drawn; on the one table that was, they score a little more or less.
        """
        import numpy as np

        p = np.sort(self.probability.loc[list(customer_ids)].to_numpy())
        stay = 1 - p
        # A pair counts where one leaves, another stays, and the one who leaves was the likelier
        ordered = (p * (np.cumsum(stay) - stay)).sum()
        return float(ordered / (p.sum() * stay.sum() - (p * stay).sum()))
