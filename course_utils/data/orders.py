"""Orders of a chain of shops, most of them at one store: what makes a join skewed."""

import numpy as np
import pyarrow as pa

from course_utils.data.blocks import block_rng
from course_utils.data.city import NEIGHBORHOODS
from course_utils.data.truth import OrdersTruth
from course_utils.data.variant import Variant

_TRUTHS = {
    Variant.COURSE: OrdersTruth(orders=300_000, stores=200, hot_store=1, hot_orders=210_000),
    Variant.SIBLING: OrdersTruth(orders=270_143, stores=187, hot_store=58, hot_orders=170_219),
}
_MIDDLE_AMOUNTS = {Variant.COURSE: 3.2, Variant.SIBLING: 3.5}  # log(dollars)
_TIME = pa.timestamp("us", tz="UTC")


def truth(variant: Variant = Variant.COURSE) -> OrdersTruth:
    """How many orders and stores there are, and which store has most of the orders."""
    return _TRUTHS[variant]


def orders(variant: Variant = Variant.COURSE) -> pa.Table:
    """`truth(variant).orders` rows by order_id, which rises with the time of the order."""
    known, rng = truth(variant), block_rng("orders", 0, variant)
    size = known.orders
    store = np.full(size, known.hot_store, dtype=np.int32)
    rest = rng.permutation(size)[known.hot_orders :]
    others = np.delete(np.arange(1, known.stores + 1), known.hot_store - 1)
    store[rest] = others[rng.integers(0, len(others), len(rest))]
    amount = np.round(np.exp(_MIDDLE_AMOUNTS[variant] + 0.8 * rng.standard_normal(size)), 2)
    seconds = np.sort(rng.integers(0, 366 * 86_400, size))
    ordered_at = np.datetime64("2024-01-01", "us") + seconds.astype("timedelta64[s]")
    return pa.table(
        {
            "order_id": pa.array(np.arange(1, size + 1), pa.int64()),
            "store_id": pa.array(store, pa.int32()),
            "amount": pa.array(amount, pa.float64()),
            "ordered_at": pa.array(ordered_at, pa.timestamp("us")).cast(_TIME),
        }
    )


def stores(variant: Variant = Variant.COURSE) -> pa.Table:
    """`truth(variant).stores` rows; every store of the orders is there once."""
    known, rng = truth(variant), block_rng("orders", 1, variant)
    city = rng.choice([item.name for item in NEIGHBORHOODS], known.stores - 1).tolist()
    city.insert(known.hot_store - 1, "online")
    days = rng.integers(0, 9_000, known.stores).astype("timedelta64[D]")
    return pa.table(
        {
            "store_id": pa.array(np.arange(1, known.stores + 1), pa.int32()),
            "city": pa.array(city, pa.string()),
            "opened": pa.array(np.datetime64("1998-01-01") + days, pa.date32()),
        }
    )
