named = keyed.withColumn("name", F.lower(F.concat_ws(" ", "given_name", "family_name")))
people = named.dropDuplicates(["name"]).select(*customers.columns)
