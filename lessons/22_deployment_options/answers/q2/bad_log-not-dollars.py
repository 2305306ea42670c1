live, checkpoint = f"{arrivals}/live", f"{arrivals}/checkpoint"
rows = priced_files().select("id", F.log("suggested").alias("suggested"))
run(rows, live, checkpoint)
deliver_late()
run(rows, live, checkpoint)
