"""Customers of a telephone company who stay or leave, and the probability that drew the answer."""

from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING

from course_utils.data.truth import ChurnTruth
from course_utils.data.variant import Variant

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@dataclass(frozen=True)
class _Plan:
    """What `churn` is called with."""

    rows: int
    seed: int
    price_effect: float  # strong enough to be worth finding
    intercept: float


_PLANS = {
    Variant.COURSE: _Plan(rows=4_000, seed=0, price_effect=0.06, intercept=-1.6),
    Variant.SIBLING: _Plan(rows=3_209, seed=24, price_effect=0.03, intercept=1.3),
}


def churn(
    rows: int = 4000, seed: int = 0, price_effect: float = 0.028, intercept: float = -1.6
) -> tuple["pd.DataFrame", "pd.Series"]:
    """Customers of a telephone company.

    The log-odds of leaving are linear but for one interaction: a high price matters only without
    a yearly contract. Usage, city and payment have gaps or no effect.

    Args:
        rows: number of customers.
        seed: the same seed gives the same table.
        price_effect: log-odds per dollar a month, for monthly contracts.
        intercept: log-odds of a new customer with a monthly contract and nothing else to say.

    Returns:
        The table, with `churned` ("yes" or "no"), and the true probability of leaving per row.
    """
    import numpy as np
    import pandas as pd

    draw = np.random.default_rng(seed)
    months = draw.geometric(0.03, rows).clip(1, 120)
    contract = draw.choice(["monthly", "yearly", "two years"], rows, p=[0.55, 0.25, 0.2])
    price = draw.gamma(9, 7, rows).clip(15, 160).round(2)
    calls = draw.poisson(1.2, rows)
    usage = draw.lognormal(2.5, 0.7, rows).round(2)
    city = draw.choice([f"city {number:02}" for number in range(40)], rows)
    payment = draw.choice(["card", "transfer", "check"], rows)
    score = (
        intercept
        + 0.55 * calls
        - 0.022 * months
        + np.where(contract == "monthly", price_effect * (price - 60), -1.1)
        + 0.35 * (payment == "check")
        - 0.25 * np.log(usage)
    )
    probability = 1 / (1 + np.exp(-score))
    usage[draw.random(rows) < 0.1] = np.nan
    table = pd.DataFrame(
        {
            "customer_id": np.arange(10_000, 10_000 + rows),
            "months": months,
            "contract": contract,
            "monthly_price": price,
            "support_calls": calls,
            "usage_gb": usage,
            "city": city,
            "payment": payment,
            "joined": pd.Timestamp("2025-06-01") - pd.to_timedelta(months * 30, unit="D"),
            "churned": np.where(draw.random(rows) < probability, "yes", "no"),
        }
    )
    return table, pd.Series(probability, name="probability")


def _drawn(variant: Variant) -> tuple["pd.DataFrame", "pd.Series"]:
    return churn(**asdict(_PLANS[variant]))


def stored(variant: Variant = Variant.COURSE) -> "pa.Table":
    """The customers as the store keeps them; a missing usage is null."""
    import pyarrow as pa

    types = {
        "customer_id": pa.int64(),
        "months": pa.int32(),
        "contract": pa.string(),
        "monthly_price": pa.float64(),
        "support_calls": pa.int32(),
        "usage_gb": pa.float64(),
        "city": pa.string(),
        "payment": pa.string(),
        "joined": pa.date32(),
        "churned": pa.string(),
    }
    table, _ = _drawn(variant)
    return pa.Table.from_pandas(table, schema=pa.schema(types), preserve_index=False)


@cache
def truth(variant: Variant = Variant.COURSE) -> ChurnTruth:
    """The truth of the stored table."""
    table, probability = _drawn(variant)
    return ChurnTruth(probability.set_axis(table["customer_id"]))
