def number(name):
    digits = F.regexp_replace(F.regexp_replace(name, "[^0-9,]", ""), ",", ".")
    return digits.try_cast("double").alias(name)


typed = raw.select(
    *TEXTS,
    *map(number, [*WHOLE, *DECIMAL, "price", "occupancy_rate"]),
    (F.col("host_is_superhost") == "ja").alias("host_is_superhost"),
    *[F.to_date(name, "dd.MM.yyyy").alias(name) for name in DATES],
).withColumn("occupancy_rate", F.col("occupancy_rate") / 100)
