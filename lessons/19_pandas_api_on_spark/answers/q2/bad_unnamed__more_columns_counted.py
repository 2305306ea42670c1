groups = homes.groupby("neighbourhood_cleansed")
areas = groups.agg(count=("each", "nunique"), mean=("each", "mean"))
areas = areas[areas["count"] >= 30]
areas = areas.sort_values("mean", ascending=False)
