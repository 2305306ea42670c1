from pyspark.sql import Window

same_person = Window.partitionBy("key_email", "key_phone", "key_born").orderBy("given_name")
numbered = keyed.withColumn("n", F.row_number().over(same_person))
people = numbered.filter("n = 1").drop("n", "key_email", "key_phone", "key_born")
