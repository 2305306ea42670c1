best_run = first("attributes.run_name = 'noor: logarithm'").info.run_id
