bug_a, bug_b, bug_c, bug_d = "per batch", "per row", "on the driver", "misaligned"
scorer_d(offers).createOrReplaceTempView("theirs")
scored.createOrReplaceTempView("ours")
wrong_rows = spark.sql("""
    SELECT count_if(abs(t.prediction - o.prediction) > 0.01)
    FROM theirs t JOIN ours o ON t.id = o.id
""").first()[0]
