trap_5 = "two origins"
value = homes["each"] / homes["review_scores_rating"]
