checkpoint, live = f"{arrivals}/live", f"{arrivals}/checkpoint"
run(priced_files(), checkpoint, live)
