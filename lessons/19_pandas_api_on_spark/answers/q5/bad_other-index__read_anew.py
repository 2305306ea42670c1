trap_5 = "two origins"
table = ps.read_parquet(path)
value = table["review_scores_rating"] / (table["price"] / table["accommodates"])
