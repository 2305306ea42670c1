import shutil

live, checkpoint = f"{work}/live", f"{work}/checkpoint"
for late in (False, True):
    if late:
        deliver_late()
        shutil.rmtree(checkpoint)
    run(priced_files(), live, checkpoint)
