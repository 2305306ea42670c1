digits = F.regexp_replace("phone", r"\D", "")
patterns = ["yyyy-MM-dd", "dd.mm.yyyy", "MM/dd/yyyy"]
born = [F.try_to_date("birth_date", pattern) for pattern in patterns]
keyed = (
    customers.withColumn("key_email", F.lower("email"))
    .withColumn("key_phone", F.right(digits, F.lit(10)))
    .withColumn("key_born", F.coalesce(*born))
)
