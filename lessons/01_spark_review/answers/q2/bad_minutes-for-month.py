digits = F.regexp_replace("phone", r"\D", "")
patterns = ["yyyy-mm-dd", "dd.mm.yyyy", "mm/dd/yyyy"]
born = [F.to_date(F.try_to_timestamp("birth_date", F.lit(pattern))) for pattern in patterns]
keyed = (
    customers.withColumn("key_email", F.lower("email"))
    .withColumn("key_phone", F.right(digits, F.lit(10)))
    .withColumn("key_born", F.coalesce(*born))
)
