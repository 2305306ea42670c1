children(parent(run_name="my week"))
parent_id = str(client.search_runs([experiment])[-1].info.run_name)
