q4_table = make_table("q4")
refusal = None
try:
    days[5].select(days[4].columns).write.format("delta").mode("append").save(q4_table)
except Exception as refused:
    refusal = refused
clean = spark.sql(
    """
    SELECT trip_id, station, started_at, int(replace(minutes, ' min', '')) AS minutes,
           price, updated_at, bike_kind FROM {rows}
""",
    rows=days[5],
)
clean.createOrReplaceTempView("clean_day_5")
spark.sql(f"INSERT INTO delta.`{q4_table}` SELECT * FROM clean_day_5")
