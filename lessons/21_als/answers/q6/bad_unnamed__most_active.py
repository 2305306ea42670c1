new_factors = right_vector

counts = train.groupBy("user_id").count().orderBy(F.desc("count"), "user_id").limit(10)
fans = [row.user_id for row in counts.collect()]
