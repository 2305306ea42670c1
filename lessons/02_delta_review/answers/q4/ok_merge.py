q4_table = make_table("q4")
try:
    days[5].write.format("delta").mode("append").save(q4_table)
except AnalysisException as error:
    refusal = error

minutes = F.expr("CAST(rtrim(' min', minutes) AS INT)")
clean = days[5].withColumn("minutes", F.regexp_replace("minutes", "[^0-9]", "").cast("int"))
target = DeltaTable.forPath(spark, q4_table).alias("t")
target.merge(clean.alias("s"), "t.trip_id = s.trip_id").whenNotMatchedInsertAll().execute()
