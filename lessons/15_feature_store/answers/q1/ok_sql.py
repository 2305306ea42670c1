rides.createOrReplaceTempView("rides")
grid.createOrReplaceTempView("grid")
hourly = spark.sql("""
    WITH counted AS (
        SELECT g.station, g.begins, count(r.trip_id) AS rides_1h
        FROM grid g LEFT JOIN rides r
        ON g.station = r.station AND g.begins = date_trunc('hour', r.started_at)
        GROUP BY g.station, g.begins
    )
    SELECT station, begins + INTERVAL 60 MINUTES AS known_at, rides_1h,
        sum(rides_1h) OVER (PARTITION BY station ORDER BY begins
            ROWS BETWEEN 23 PRECEDING AND CURRENT ROW) AS rides_24h
    FROM counted
""")
