def register(name, run_ids, tags=("price", "log_price"), described=True):
    """Versions of the models of these runs, quietly; their numbers."""
    if not client.search_registered_models(f"name = '{name}'"):
        client.create_registered_model(name)
    numbers = []
    for run_id, tag in zip(run_ids, tags, strict=False):
        model = mlflow.models.get_model_info(f"runs:/{run_id}/model").model_uri
        about = f"A line with six columns, of run {run_id}" if described else None
        labels = {"label": tag} if tag else None
        made = client.create_model_version(name, model, run_id, tags=labels, description=about)
        numbers.append(made.version)
    return numbers


def ordered(numbers, reverse=False):
    """The numbers of two versions, the one with the lower error first."""
    errors = [client.get_run(run_id).data.metrics["validation_rmse"] for run_id in (run_0, run_1)]
    return [number for _, number in sorted(zip(errors, numbers, strict=False), reverse=reverse)]


RUNS = (run_0, run_1)
