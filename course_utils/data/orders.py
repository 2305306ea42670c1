"""Orders of a chain of shops, most of them at one store: what makes a join skewed."""

import numpy as np
import pyarrow as pa

from course_utils.data.blocks import block_rng
from course_utils.data.city import NEIGHBORHOODS
from course_utils.data.truth import OrdersTruth

_ORDERS = 300_000
_STORES = 200
_WEB_SHOP = 1

TRUTH = OrdersTruth(
    orders=_ORDERS, stores=_STORES, hot_store=_WEB_SHOP, hot_orders=_ORDERS * 7 // 10
)
_TIME = pa.timestamp("us", tz="UTC")


def orders() -> pa.Table:
    """`TRUTH.orders` rows by order_id, which rises with the time of the order."""
    rng = block_rng("orders", 0)
    store = np.full(_ORDERS, _WEB_SHOP, dtype=np.int32)
    rest = rng.permutation(_ORDERS)[TRUTH.hot_orders :]
    store[rest] = rng.integers(_WEB_SHOP + 1, _STORES + 1, len(rest))
    amount = np.round(np.exp(3.2 + 0.8 * rng.standard_normal(_ORDERS)), 2)
    seconds = np.sort(rng.integers(0, 366 * 86_400, _ORDERS))
    ordered_at = np.datetime64("2024-01-01", "us") + seconds.astype("timedelta64[s]")
    return pa.table(
        {
            "order_id": pa.array(np.arange(1, _ORDERS + 1), pa.int64()),
            "store_id": pa.array(store, pa.int32()),
            "amount": pa.array(amount, pa.float64()),
            "ordered_at": pa.array(ordered_at, pa.timestamp("us")).cast(_TIME),
        }
    )


def stores() -> pa.Table:
    """`TRUTH.stores` rows; every store of the orders is there once."""
    rng = block_rng("orders", 1)
    names = [item.name for item in NEIGHBORHOODS]
    city = ["online", *rng.choice(names, _STORES - 1)]
    opened = np.datetime64("1998-01-01") + rng.integers(0, 9_000, _STORES).astype("timedelta64[D]")
    return pa.table(
        {
            "store_id": pa.array(np.arange(1, _STORES + 1), pa.int32()),
            "city": pa.array(city, pa.string()),
            "opened": pa.array(opened, pa.date32()),
        }
    )
