trap_5 = "two-origins"
table = ps.read_parquet(path, index_col="listing_id")
value = table["review_scores_rating"] * table["accommodates"] / table["price"]
