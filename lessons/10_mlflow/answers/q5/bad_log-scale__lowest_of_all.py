q5_model = colleagues.model("Thursday")
versions = client.search_model_versions(f"name = '{q5_model}'")
error = {v.version: client.get_run(v.run_id).data.metrics["validation_rmse"] for v in versions}
promoted = min(error, key=error.get)
asked = approvals.request(q5_model, promoted, by="noor", comment="a lower error")
approvals.approve(asked.id, by="mira")
