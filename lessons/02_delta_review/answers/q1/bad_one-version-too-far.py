q1_table = make_table("q1")
good_version = 0
old = spark.read.format("delta").option("versionAsOf", good_version).load(q1_table)
old.write.format("delta").mode("overwrite").save(q1_table)
