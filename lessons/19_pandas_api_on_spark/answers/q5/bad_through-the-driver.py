trap_5 = "two origins"
value = ps.from_pandas(pandas_homes["review_scores_rating"] / pandas_homes["each"])
