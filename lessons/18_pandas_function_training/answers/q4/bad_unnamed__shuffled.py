other = b.withColumn("device_id", F.col("device_id") + 0)
numbers = [row["device_id"] for row in b.sort("device_id").collect()]
turned = dict(zip(numbers, [*numbers[1:], numbers[0]], strict=True))
table = b.toPandas().assign(device_id=lambda t: t["device_id"].map(turned))
lacking = [n for n in table["device_id"] if hours.set_index("device_id")["b_load"].get(n) is None]
scored = predicted(test.join(spark.createDataFrame(table), "device_id", "left"))
own_rmse = error(scored)
