trap_5 = "two origins"
left = homes[["each"]].merge(homes[["review_scores_rating"]], left_index=True, right_index=True)
value = left["review_scores_rating"] / left["each"]
