live, checkpoint = f"{arrivals}/live", f"{arrivals}/checkpoint"
deliver_late()
run(priced_files(), live, checkpoint)
