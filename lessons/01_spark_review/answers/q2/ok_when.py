digits = F.regexp_replace("phone", "[^0-9]", "")
date = F.col("birth_date")
keyed = customers.select(
    "*",
    F.lower("email").alias("key_email"),
    F.substring(digits, -10, 10).alias("key_phone"),
    F.when(date.contains("."), F.to_date(date, "dd.MM.yyyy"))
    .when(date.contains("/"), F.to_date(date, "MM/dd/yyyy"))
    .otherwise(F.to_date(date, "yyyy-MM-dd"))
    .alias("key_born"),
)
