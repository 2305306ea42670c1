parent_id = client.create_run(experiment).info.run_id
children(parent_id)
