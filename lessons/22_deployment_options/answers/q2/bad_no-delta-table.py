live, checkpoint = f"{arrivals}/live", f"{arrivals}/checkpoint"
for _ in range(2):
    writer = priced_files().writeStream.option("checkpointLocation", checkpoint)
    writer.trigger(availableNow=True).format("parquet").start(live).awaitTermination()
    deliver_late()
