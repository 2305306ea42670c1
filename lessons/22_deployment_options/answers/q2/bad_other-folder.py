live, checkpoint = nightly, f"{arrivals}/checkpoint"
for late in (False, True):
    if late:
        deliver_late()
    run(priced_files(), f"{arrivals}/live", checkpoint)
