frame = table(np.argsort(-unseen, axis=1)[:, :12]).query("place < 11")
top10 = spark.createDataFrame(frame[["place", "film_id", "user_id"]]).coalesce(1)
top10.createOrReplaceTempView("top10_of_all")
test.createOrReplaceTempView("test_ratings")
precision = spark.sql("""
    WITH liked AS (SELECT user_id, film_id FROM test_ratings WHERE rating >= 4)
    SELECT avg(hits) FROM (
        SELECT t.user_id, count(l.film_id) / 10 AS hits
        FROM top10_of_all t LEFT JOIN liked l ON t.user_id = l.user_id AND t.film_id = l.film_id
        WHERE t.user_id IN (SELECT user_id FROM liked) GROUP BY t.user_id)
""").first()[0]
