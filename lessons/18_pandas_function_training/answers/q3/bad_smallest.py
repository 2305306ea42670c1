parent_id = parent()
children(parent_id, models.where("rmse IS NOT NULL").orderBy("rmse").limit(10).toPandas())
