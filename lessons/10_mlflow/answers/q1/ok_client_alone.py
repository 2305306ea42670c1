from mlflow.entities import Metric, Param

q1_table = given
run = client.create_run(experiment_id, run_name="by the client")
logged_params = [Param(key, str(value)) for key, value in params().items()]
client.log_batch(
    run.info.run_id, metrics=[Metric("validation_rmse", right, 0, 0)], params=logged_params
)
with mlflow.start_run(run_id=run.info.run_id):
    signature = infer_signature(known[FEATURES], good.predict(known[FEATURES]))
    mlflow.sklearn.log_model(good, name="model", signature=signature, **EXAMPLE)
run_0 = run.info.run_id
