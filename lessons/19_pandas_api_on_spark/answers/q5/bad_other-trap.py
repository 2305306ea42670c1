trap_5 = "no type hint"
value = homes["review_scores_rating"] / homes["each"]
