def number(name):
    digits = F.regexp_replace(name, "[^0-9,-]", "")
    return F.regexp_replace(digits, ",", ".").try_cast("double")


typed = raw.select(
    *TEXTS,
    *[number(name).alias(name) for name in [*WHOLE, *DECIMAL, "price"]],
    (number("occupancy_rate") / 100).alias("occupancy_rate"),
    (F.col("host_is_superhost") == "ja").alias("host_is_superhost"),
    *DATES,
)
