digits = F.regexp_replace("phone", r"\D", "")
with_dots = F.regexp_replace("birth_date", "/", ".")
patterns = ["yyyy-MM-dd", "dd.MM.yyyy", "MM.dd.yyyy"]
born = F.coalesce(*[F.try_to_date(with_dots, pattern) for pattern in patterns])
keyed = customers.select(
    "*",
    F.lower("email").alias("key_email"),
    F.right(digits, F.lit(10)).alias("key_phone"),
    born.alias("key_born"),
)
