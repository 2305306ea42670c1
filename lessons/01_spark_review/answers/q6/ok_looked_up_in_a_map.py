from itertools import chain

rows = stores.collect()
city, opened = (
    F.create_map(*chain.from_iterable((F.lit(row.store_id), F.lit(row[name])) for row in rows))
    for name in ("city", "opened")
)
joined = orders.withColumns({"city": city[F.col("store_id")], "opened": opened[F.col("store_id")]})
