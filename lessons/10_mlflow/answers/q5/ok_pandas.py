# Better when a model has many versions: all runs in one frame, and versions by their run
q5_model = colleagues.model("Thursday")
runs = mlflow.search_runs([team]).set_index("run_id")
versions = {v.run_id: v.version for v in client.search_model_versions(f"name = '{q5_model}'")}
runs = runs.loc[list(versions)]
runs = runs[(runs["params.unit"] == "dollars") & (runs["params.data_version"] == "1")]
promoted = versions[runs["metrics.validation_rmse"].idxmin()]
asked = approvals.request(q5_model, promoted, by="Noor", comment="a lower error")
approvals.approve(asked.id, by="Mira ")
