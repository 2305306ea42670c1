each = homes.groupby("neighbourhood_cleansed")["each"]
areas = ps.concat([each.count().rename("count"), each.mean().rename("mean")], axis=1)
areas = areas[areas["count"] >= 30]
areas = areas.sort_values("mean", ascending=False)
