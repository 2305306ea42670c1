parent_id = parent()
ten = models.orderBy(F.desc_nulls_first("rmse")).limit(10).toPandas()
for row in ten.itertuples():
    child(parent_id, row, metric="rmse" if row.rmse == row.rmse else None)
