from mlflow.models import infer_signature
from sklearn.metrics import mean_absolute_error, mean_squared_error

given = f"{work}/{fresh('given')}"
listings.write.format("delta").save(given)
rows = listings.toPandas()
known, unseen = rows[rows["part"] == "fit"], rows[rows["part"] == "validation"]
LABEL, VERSION = "price", 0
good = LinearRegression().fit(known[FEATURES], known["price"])
right = root_mean_squared_error(unseen["price"], good.predict(unseen[FEATURES]))
EXAMPLE = {"input_example": known[FEATURES].head(3), "pip_requirements": REQUIREMENTS}


def params(**changed):
    """The parameters that are due, with changes; None leaves one out."""
    due = {"data_path": given, "data_version": VERSION, "label": LABEL} | changed
    return {key: value for key, value in due.items() if value is not None}


def logged(
    values=None,
    metrics=None,
    model=good,
    how=EXAMPLE,
    name="model",
    **run,
):
    """A run with all that is due but for what is given."""
    if metrics is None:
        metrics = {"validation_rmse": right}
    with mlflow.start_run(**run) as made:
        mlflow.log_params(values or params())
        mlflow.log_metrics(metrics)
        if model is not None:
            mlflow.sklearn.log_model(model, name=name, **how)
    return made


def learned(columns, label, rows=known):
    """A line and how to log it."""
    how = {"input_example": rows[columns].head(3), "pip_requirements": REQUIREMENTS}
    return {"model": LinearRegression().fit(rows[columns], label), "how": how}
