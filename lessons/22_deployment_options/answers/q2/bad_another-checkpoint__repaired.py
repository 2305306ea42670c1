live, checkpoint = f"{arrivals}/live", f"{arrivals}/checkpoint"
run(priced_files(), live, f"{arrivals}/checkpoint_1")
deliver_late()
run(priced_files(), live, checkpoint)
once_each = spark.read.format("delta").load(live).dropDuplicates(["id"])
once_each.write.format("delta").mode("overwrite").save(live)
