best_run = first("attributes.status = 'FINISHED' and params.data_version = '1'").info.run_id
