live, checkpoint = f"{arrivals}/live", f"{arrivals}/checkpoint"
run(priced_files(), live, checkpoint)
deliver_late()
