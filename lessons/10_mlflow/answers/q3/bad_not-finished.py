best_run = first("params.data_version = '1' and params.unit = 'dollars'").info.run_id
