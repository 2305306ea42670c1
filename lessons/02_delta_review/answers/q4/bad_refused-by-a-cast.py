q4_table = make_table("q4")
days[5].createOrReplaceTempView("day_5")
try:
    spark.sql(f"INSERT INTO delta.`{q4_table}` SELECT * FROM day_5")
except Exception as error:
    refusal = error
clean = days[5].withColumn("minutes", F.split("minutes", " ")[0].cast("int"))
clean.write.format("delta").mode("append").save(q4_table)
