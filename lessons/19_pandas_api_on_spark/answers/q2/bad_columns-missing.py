groups = homes.groupby("neighbourhood_cleansed")
areas = groups.agg(n=("each", "count"), mean=("each", "mean"))
areas = areas[areas["n"] >= 30].sort_values("mean", ascending=False)
