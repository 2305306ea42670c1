spark.sql(f"ALTER TABLE delta.`{q1_table}` ADD COLUMNS (log_price DOUBLE)").collect()
old_rows = at(0)
run_1 = good_run
