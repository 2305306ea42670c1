current = spark.read.format("delta").load(q1_table)
write(current.selectExpr("*", "ln(price) AS log_price"), option="overwriteSchema")
old_rows = at(0).sample(frac=1, random_state=1)[["part", "price", *FEATURES]]
run_1 = logged(params(data_path=f"{q1_table}/")).info.run_id
