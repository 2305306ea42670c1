groups = homes.groupby("neighbourhood_cleansed")
areas = groups.agg(count=("each", "count"), mean=("each", "mean"))
areas = areas.sort_values("mean", ascending=False)
