q4_model = fresh("10_price")
client.create_registered_model(q4_model)
version_0, version_1 = (
    client.create_model_version(
        q4_model,
        f"runs:/{run_id}/model",
        run_id,
        tags={"label": label},
        description="A line of six",
    ).version
    for run_id, label in zip(RUNS, ("price", "log_price"), strict=False)
)
client.set_registered_model_alias(q4_model, "champion", ordered((version_0, version_1))[0])
