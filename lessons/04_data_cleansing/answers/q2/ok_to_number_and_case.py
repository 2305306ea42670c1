def decimal(name):
    return F.translate(name, ",.", ".").try_cast("double")


columns = {name: F.col(name).cast("int") for name in WHOLE}
columns |= {name: decimal(name) for name in DECIMAL}
columns["price"] = F.translate(F.split("price", " ")[0], ",.", ".").try_cast("decimal(10,2)")
columns["occupancy_rate"] = F.translate(F.rtrim(F.translate("occupancy_rate", "%", "")), ",", ".")
columns["occupancy_rate"] = columns["occupancy_rate"].cast("double") / 100
superhost = F.col("host_is_superhost")
columns["host_is_superhost"] = F.when(superhost == "ja", True).when(superhost == "nei", False)
columns |= {name: F.to_timestamp(name, "dd.MM.yyyy") for name in DATES}
typed = raw.withColumns(columns)
