q2_table = make_table("q2")
columns = days[3].columns
whole = F.struct("updated_at", *[c for c in columns if c != "updated_at"]).alias("row")
latest = days[3].select(whole).groupBy("row.trip_id").agg(F.max("row").alias("row"))
latest = latest.select("row.*").select(columns)
latest.createOrReplaceTempView("latest_of_day_3")
spark.sql(f"""
    MERGE INTO delta.`{q2_table}` AS t USING latest_of_day_3 AS s ON s.trip_id = t.trip_id
    WHEN MATCHED AND s.updated_at > t.updated_at THEN UPDATE SET *
    WHEN NOT MATCHED THEN INSERT *
""")
