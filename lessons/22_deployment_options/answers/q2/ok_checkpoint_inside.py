# Better when table and checkpoint are to be moved or restored together.
live = f"{arrivals}/live"
checkpoint = f"{live}/_checkpoint"
run(priced_files(), live, checkpoint)
deliver_late()
run(priced_files(), live, checkpoint)
