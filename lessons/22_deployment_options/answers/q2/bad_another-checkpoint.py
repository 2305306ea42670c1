live, checkpoint = f"{work}/live", f"{work}/checkpoint"
run(priced_files(), live, f"{work}/checkpoint_1")
deliver_late()
run(priced_files(), live, checkpoint)
