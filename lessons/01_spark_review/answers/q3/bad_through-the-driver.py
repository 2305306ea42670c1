local = keyed.toPandas().drop_duplicates(["key_email", "key_phone", "key_born"])
people = spark.createDataFrame(local[customers.columns])
