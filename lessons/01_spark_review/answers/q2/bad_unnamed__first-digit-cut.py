digits = F.regexp_replace("phone", r"\D", "")
patterns = ["yyyy-MM-dd", "dd.MM.yyyy", "MM/dd/yyyy"]
born = F.coalesce(*[F.try_to_date("birth_date", pattern) for pattern in patterns])
keyed = customers.select(
    "*",
    F.lower("email").alias("key_email"),
    F.right(digits, F.lit(9)).alias("key_phone"),
    born.alias("key_born"),
)
