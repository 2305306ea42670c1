def number(name):
    """Without the currency and with a point for the comma; the point of thousands stays."""
    plain = F.regexp_replace(F.regexp_replace(name, " kr| %", ""), ",", ".")
    return plain.try_cast("double")


typed = raw.select(
    *TEXTS,
    *[number(name).alias(name) for name in [*WHOLE, *DECIMAL, "price"]],
    (number("occupancy_rate") / 100).alias("occupancy_rate"),
    (F.col("host_is_superhost") == "ja").alias("host_is_superhost"),
    *[F.to_date(name, "dd.MM.yyyy").alias(name) for name in DATES],
)
