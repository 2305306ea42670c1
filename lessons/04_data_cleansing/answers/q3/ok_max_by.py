others = [name for name in typed.columns if name != "id"]
newest = typed.groupBy("id").agg(F.max_by(F.struct(*others), "last_updated").alias("row"))
clean = newest.select("id", "row.*").filter(
    "price > 0 AND accommodates > 0 AND minimum_nights BETWEEN 0 AND 365"
)
north, east = F.greatest("latitude", "longitude"), F.least("latitude", "longitude")
clean = clean.withColumns({"latitude": north, "longitude": east})
clean = clean.replace(999.0, None, subset=["review_scores_rating"])
clean = clean.replace(-1.0, None, subset=["bedrooms"])
