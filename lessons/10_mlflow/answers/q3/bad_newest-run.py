best_run = client.search_runs([team], FAIR)[0].info.run_id
