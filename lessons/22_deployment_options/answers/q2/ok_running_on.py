live = arrivals + "/arrived"
checkpoint = arrivals + "/arrived_notes"
query = (
    priced_files(maxFilesPerTrigger=1)
    .writeStream.format("delta")
    .outputMode("append")
    .option("checkpointLocation", checkpoint)
    .start(live)
)
query.processAllAvailable()
deliver_late()
query.processAllAvailable()
query.stop()
