best_run = first(FAIR).info.run_name
