best_run = first().info.run_id
