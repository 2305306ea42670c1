row = F.struct(*customers.columns)
kept = keyed.groupBy("key_email", "key_phone", "key_born").agg(F.first(row).alias("row"))
people = kept.select("row.*")
