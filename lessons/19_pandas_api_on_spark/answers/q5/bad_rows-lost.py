trap_5 = "two origins"
good = homes[homes["review_scores_rating"] >= 90]
value = good["review_scores_rating"] / good["each"]
