import shutil

live, checkpoint = f"{arrivals}/live", f"{arrivals}/checkpoint"
for late in (False, True):
    if late:
        deliver_late()
        shutil.rmtree(checkpoint)
    run(priced_files(), live, checkpoint)
