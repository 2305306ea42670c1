groups = homes.groupby("neighbourhood_cleansed")
areas = groups.agg(count=("price", "count"), mean=("price", "mean"))
areas = areas[areas["count"] >= 30]
areas = areas.sort_values("mean", ascending=False)
