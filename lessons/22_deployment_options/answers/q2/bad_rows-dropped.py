live, checkpoint = f"{arrivals}/live", f"{arrivals}/checkpoint"
rows = priced_files().filter("suggested > 100")
run(rows, live, checkpoint)
deliver_late()
run(rows, live, checkpoint)
