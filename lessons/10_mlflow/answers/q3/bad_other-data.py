best_run = first("attributes.status = 'FINISHED' and params.unit = 'dollars'").info.run_id
