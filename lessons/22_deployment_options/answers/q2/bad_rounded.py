live, checkpoint = f"{arrivals}/live", f"{arrivals}/checkpoint"
rows = priced_files().select("id", F.round("suggested").alias("suggested"))
run(rows, live, checkpoint)
deliver_late()
run(rows, live, checkpoint)
