seen = train.groupBy("device_id").agg(F.stddev("load").alias("spread"), F.count("*").alias("n"))
both = models.where("problem IS NULL").join(seen, "device_id").cache()
verdict = {
    "single": both.where("n = 1").first()["device_id"],
    "stuck": both.where("n > 1 AND spread < 1e-9").first()["device_id"],
    "erratic": both.where("spread > 1e-9").orderBy(F.desc("rmse")).first()["device_id"],
}
worst = models.where(F.col("device_id") == verdict["erratic"]).first()["rmse"]
times = worst / models.agg(F.median("rmse")).first()[0]
