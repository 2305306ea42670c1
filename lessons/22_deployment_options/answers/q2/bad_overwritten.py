live, checkpoint = f"{arrivals}/live", f"{arrivals}/checkpoint"


def replace(rows, number):
    rows.write.format("delta").mode("overwrite").save(live)


for late in (False, True):
    if late:
        deliver_late()
    writer = priced_files().writeStream.option("checkpointLocation", checkpoint)
    writer.foreachBatch(replace).trigger(availableNow=True).start().awaitTermination()
