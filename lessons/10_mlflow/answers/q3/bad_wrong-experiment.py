best_run = first("attributes.status = 'FINISHED'", experiment=experiment_id).info.run_id
