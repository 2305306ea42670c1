groups = homes.groupby("neighbourhood_cleansed")
areas = groups.agg(count=("each", "count"), price=("price", "sum"), guests=("accommodates", "sum"))
areas["mean"] = areas["price"] / areas["guests"]
areas = areas[areas["count"] >= 30]
areas = areas.sort_values("mean", ascending=False)
