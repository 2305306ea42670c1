found = client.get_experiment_by_name("elsewhere")
elsewhere = found.experiment_id if found else client.create_experiment("elsewhere")
parent_id = client.create_run(elsewhere).info.run_id
client.set_terminated(parent_id)
children(parent_id)
