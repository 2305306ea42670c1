from pathlib import Path

live, checkpoint = f"{arrivals}/live", f"{arrivals}/checkpoint"
Path(checkpoint).mkdir()
for late in (False, True):
    if late:
        deliver_late()
    rows = spark.read.schema(SCHEMA).json(inbox)
    priced = model.transform(rows).select("id", "suggested")
    priced.write.format("delta").mode("overwrite").save(live)
