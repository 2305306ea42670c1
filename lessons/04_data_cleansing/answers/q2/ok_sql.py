plain = "try_cast(replace(replace(regexp_replace({0}, '[kr% ]', ''), '.', ''), ',', '.') AS DOUBLE)"
parts = [*TEXTS, *[f"CAST({name} AS INT) AS {name}" for name in WHOLE]]
parts += [f"{plain.format(name)} AS {name}" for name in [*DECIMAL, "price"]]
parts += [f"{plain.format('occupancy_rate')} / 100 AS occupancy_rate"]
parts += [
    "CASE host_is_superhost WHEN 'ja' THEN true WHEN 'nei' THEN false END AS host_is_superhost"
]
parts += [
    f"make_date(right({name}, 4), substr({name}, 4, 2), left({name}, 2)) AS {name}"
    for name in DATES
]
typed = raw.selectExpr(*parts)
