q4_table = make_table("q4")
try:
    days[5].write.format("delta").mode("append").save(q4_table)
except AnalysisException as error:
    refusal = error
seconds = F.unix_timestamp("updated_at") - F.unix_timestamp("started_at")
clean = days[5].withColumn("minutes", (seconds / 60).cast("int"))
clean.write.format("delta").mode("append").save(q4_table)
