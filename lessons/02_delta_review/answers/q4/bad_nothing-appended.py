q4_table = make_table("q4")
try:
    days[5].write.format("delta").mode("append").save(q4_table)
except AnalysisException as error:
    refusal = error
clean = days[5].withColumn("minutes", F.split("minutes", " ")[0].cast("int"))
