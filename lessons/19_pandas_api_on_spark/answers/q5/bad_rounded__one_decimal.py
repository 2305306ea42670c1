trap_5 = "two origins"
value = (homes["review_scores_rating"] / homes["each"]).round(1)
