live, checkpoint = f"{work}/live", f"{work}/checkpoint"
run(priced_files(), live, checkpoint)
deliver_late()
