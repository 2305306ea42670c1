best_run = first("attributes.run_name = 'lena: logarithm'").info.run_id
