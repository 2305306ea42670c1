names = ["given_name", "family_name", "email", "phone", "birth_date", "city", "postcode"]
customers = spark.read.csv(path, sep="|").toDF(*names)
