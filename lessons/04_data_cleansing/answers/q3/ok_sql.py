typed.createOrReplaceTempView("typed")
clean = spark.sql("""
    SELECT * EXCEPT (newest, bedrooms, review_scores_rating, latitude, longitude),
           CASE WHEN bedrooms >= 0 THEN bedrooms END AS bedrooms,
           CASE WHEN review_scores_rating <= 5 THEN review_scores_rating END AS review_scores_rating,
           greatest(latitude, longitude) AS latitude,
           least(latitude, longitude) AS longitude
    FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY last_updated DESC) AS newest
          FROM typed)
    WHERE newest = 1 AND price > 0 AND accommodates > 0 AND minimum_nights <= 365
""")
