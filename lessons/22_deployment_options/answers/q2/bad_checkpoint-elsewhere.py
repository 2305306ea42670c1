live, checkpoint = f"{arrivals}/live", f"{work}"
run(priced_files(), live, f"{arrivals}/notes")
deliver_late()
run(priced_files(), live, f"{arrivals}/notes")
