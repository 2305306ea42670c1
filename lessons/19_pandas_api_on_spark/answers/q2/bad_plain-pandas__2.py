groups = homes.groupby("neighbourhood_cleansed")
areas = groups.agg(count=("each", "count"), mean=("each", "mean"))
areas = areas.to_pandas()
areas = areas[areas["count"] >= 30]
areas = areas.sort_values("mean", ascending=False)
