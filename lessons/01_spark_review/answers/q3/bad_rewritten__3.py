keys = ["key_email", "key_phone", "key_born"]
people = keyed.dropDuplicates(keys).drop(*keys)
people = people.withColumn("postcode", F.col("postcode").cast("int"))
