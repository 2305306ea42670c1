q1_table = make_table("q1")
good_version = 1
restored = spark.read.format("delta").option("versionAsOf", good_version).load(q1_table)
restored.show(3)
