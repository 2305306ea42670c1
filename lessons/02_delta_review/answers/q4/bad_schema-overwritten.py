q4_table = make_table("q4")
try:
    days[5].write.format("delta").mode("append").save(q4_table)
except AnalysisException as error:
    refusal = error
clean = days[5].withColumn("minutes", F.split("minutes", " ")[0].cast("int"))

old = (
    spark.read.format("delta").load(q4_table).withColumn("minutes", F.col("minutes").cast("string"))
)
both = old.union(days[5].select(old.columns))
writer = both.write.format("delta").mode("overwrite").option("overwriteSchema", "true")
writer.save(q4_table)
