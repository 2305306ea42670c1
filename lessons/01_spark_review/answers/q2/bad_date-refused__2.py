digits = F.regexp_replace("phone", r"\D", "")
keyed = (
    customers.withColumn("key_email", F.lower("email"))
    .withColumn("key_phone", F.right(digits, F.lit(10)))
    .withColumn("key_born", F.col("birth_date").cast("date"))
)
