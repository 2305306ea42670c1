from datetime import datetime


def number(text):
    plain = (text or "").rstrip(" kr%").replace(".", "").replace(",", ".")
    return float(plain) if plain.lstrip("-").replace(".", "").isdigit() else None


def convert(row):
    values = row.asDict()
    for name in [*WHOLE, *DECIMAL, "price", "occupancy_rate"]:
        values[name] = number(values[name])
    share = values["occupancy_rate"]
    values["occupancy_rate"] = None if share is None else share / 100
    values["host_is_superhost"] = {"ja": True, "nei": False}.get(values["host_is_superhost"])
    for name in DATES:
        values[name] = datetime.strptime(values[name], "%d.%m.%Y")
    return values


kinds = dict.fromkeys(TEXTS, "string") | {"host_is_superhost": "boolean"}
kinds |= dict.fromkeys(DATES, "timestamp")
schema = ", ".join(f"{name} {kinds.get(name, 'double')}" for name in raw.columns)
typed = spark.createDataFrame(raw.rdd.map(convert), schema)
