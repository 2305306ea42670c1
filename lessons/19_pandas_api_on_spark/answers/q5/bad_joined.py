trap_5 = "two origins"
prices = ps.read_parquet(path, index_col="listing_id")["price"]
guests = ps.read_parquet(path, index_col="listing_id")["accommodates"]
ratings = ps.read_parquet(path, index_col="listing_id")["review_scores_rating"]
value = ratings / (prices / guests)
