from mlflow.models import infer_signature

set_experiment("22_deployment_options_lab")
with mlflow.start_run():
    logged = mlflow.pyfunc.log_model(
        name="priced",
        python_model=Prices(lambda rows: dollars(log_of(rows))),
        signature=infer_signature(questions, np.array([1.0])),
        pip_requirements=["numpy"],
    )
server = tools.ServerHere(logged.model_uri)
quotes = tools.ask(server.url, questions)
