areas = homes.groupby("neighbourhood_cleansed").agg(count=("each", "count"), mean=("each", "mean"))
areas = areas.query("count >= 30").sort_values("mean", ascending=False)
