known = train.toPandas()


def trained(table, **columns):
    """What train_device gives for each device of a pandas frame."""
    made = [train_device((device,), rows).iloc[0] for device, rows in table.groupby("device_id")]
    return pd.DataFrame([row.to_dict() for row in made]).astype(object).assign(**columns)


def in_spark(table):
    return spark.createDataFrame(table.where(table.notna(), None).to_numpy().tolist(), SCHEMA)


def failed_of(table):
    return [int(device) for device in table["device_id"][table["problem"].notna()]]


due = trained(known)
good = in_spark(due).cache()
