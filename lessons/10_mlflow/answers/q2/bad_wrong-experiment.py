write(wide)
old_rows = at(0)
run_1 = logged(experiment_id=client.create_experiment(fresh("mine"))).info.run_id
