from pyspark.sql import Window

keys = ["key_email", "key_phone", "key_born"]
same_person = Window.partitionBy(*keys).orderBy("email")
people = keyed.withColumn("n", F.rank().over(same_person)).filter("n = 1").drop("n", *keys)
