live, checkpoint = f"{arrivals}/live", f"{arrivals}/checkpoint"
run(priced_files(), live, f"{arrivals}/checkpoint_1")
deliver_late()
run(priced_files(), live, checkpoint)
