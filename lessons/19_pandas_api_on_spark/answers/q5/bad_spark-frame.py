from pyspark.sql import functions as F

trap_5 = "two origins"
rows = homes.to_spark(index_col="listing_id")
value = rows.select("listing_id", F.col("review_scores_rating") / F.col("each"))
