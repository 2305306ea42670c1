nightly = f"{work}/in_sql"
for _ in range(2):
    rows = spark.sql(f"SELECT * FROM delta.`{waiting}`")
    model.transform(rows).createOrReplaceTempView("priced")
    spark.sql(
        f"CREATE OR REPLACE TABLE delta.`{nightly}` USING delta AS SELECT id, suggested FROM priced"
    )
