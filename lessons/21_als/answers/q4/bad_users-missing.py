frame = table(best)
top10 = spark.createDataFrame(frame[frame["user_id"].isin(user_ids[pleased])])
precision = right_precision
