trap_5 = "two origins"
query = "SELECT listing_id, review_scores_rating / each AS points FROM {homes}"
value = ps.sql(query, index_col="listing_id", homes=homes.reset_index())["points"]
