write(wide)
old_rows = at(0)
made = client.create_run(experiment_id)
run_1 = made.info.run_id
client.set_terminated(run_1, "FAILED")
