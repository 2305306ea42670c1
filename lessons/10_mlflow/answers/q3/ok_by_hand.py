lowest, best_run = float("inf"), ""
for run in client.search_runs([team]):
    params, error = run.data.params, run.data.metrics["validation_rmse"]
    if params["unit"] != "dollars" or int(params["data_version"]) != 1:
        continue
    if run.info.status == "FINISHED" and error < lowest:
        lowest, best_run = error, run.info.run_id
