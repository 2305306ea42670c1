live, checkpoint = f"{work}/live", f"{work}"
run(priced_files(), live, f"{work}/notes")
deliver_late()
run(priced_files(), live, f"{work}/notes")
