def number(name):
    digits = F.regexp_replace(name, "[^0-9,-]", "")
    return F.regexp_replace(digits, ",", ".").try_cast("double")


typed = raw.select(
    *TEXTS,
    F.col("price").alias("price_text"),
    *[number(name).alias(name) for name in [*WHOLE, *DECIMAL, "price"]],
    (number("occupancy_rate") / 100).alias("occupancy_rate"),
    (F.col("host_is_superhost") == "ja").alias("host_is_superhost"),
    *[F.to_date(name, "dd.MM.yyyy").alias(name) for name in DATES],
)
