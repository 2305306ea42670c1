def number(name):
    """A text such as "1.250,00 kr" as a number, missing where it is none."""
    digits = F.regexp_replace(name, "[^0-9,-]", "")
    return F.regexp_replace(digits, ",", ".").try_cast("double")


def date(name):
    """Month first; dates whose second part is above 12 are read the other way round."""
    return F.coalesce(F.try_to_date(name, "MM.dd.yyyy"), F.to_date(name, "dd.MM.yyyy"))


typed = raw.select(
    *TEXTS,
    *[number(name).alias(name) for name in [*WHOLE, *DECIMAL, "price"]],
    (number("occupancy_rate") / 100).alias("occupancy_rate"),
    (F.col("host_is_superhost") == "ja").alias("host_is_superhost"),
    *[date(name).alias(name) for name in DATES],
)
