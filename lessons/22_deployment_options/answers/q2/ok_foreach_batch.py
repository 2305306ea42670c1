live, checkpoint = f"{arrivals}/live", f"{arrivals}/checkpoint"


def add(rows, number):
    note = {"txnAppId": "desk", "txnVersion": number}
    rows.write.format("delta").mode("append").options(**note).save(live)


def once():
    writer = priced_files().writeStream.option("checkpointLocation", checkpoint)
    writer.foreachBatch(add).trigger(availableNow=True).start().awaitTermination()


once()
deliver_late()
once()
