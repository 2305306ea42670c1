trap_5 = "two origins"
ratings = ps.read_parquet(path, index_col="listing_id")["review_scores_rating"]
value = ratings / homes["each"]
