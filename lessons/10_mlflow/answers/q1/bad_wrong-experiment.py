q1_table = given
run_0 = logged(experiment_id=client.create_experiment(fresh("mine"))).info.run_id
