digits = F.regexp_replace("phone", r"\D", "")
keyed = customers.select(
    "*",
    F.lower("email").alias("key_email"),
    F.right(digits, F.lit(10)).alias("key_phone"),
    F.try_to_date("birth_date", "yyyy-MM-dd").alias("key_born"),
).dropna()
