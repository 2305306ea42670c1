table = f"delta.`{q1_table}`"
spark.sql(f"ALTER TABLE {table} ADD COLUMNS (log_price DOUBLE)").collect()
spark.sql(f"UPDATE {table} SET log_price = ln(price)").collect()
old_rows = spark.sql(f"SELECT * FROM {table} VERSION AS OF 0").toPandas()
newest = spark.sql(f"DESCRIBE HISTORY {table}").agg(F.max("version")).first()[0]
run_1 = logged(params(data_version=newest)).info.run_id
