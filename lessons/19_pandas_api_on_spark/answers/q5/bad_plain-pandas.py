trap_5 = "two origins"
value = pandas_homes["review_scores_rating"] / pandas_homes["each"]
