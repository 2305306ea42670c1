import shutil
from pathlib import Path

from mlflow.models import infer_signature
from sklearn.metrics import mean_absolute_error, mean_squared_error

given = q1_table
wide = listings.withColumn("log_price", F.log("price"))
rows = wide.toPandas()
known, unseen = rows[rows["part"] == "fit"], rows[rows["part"] == "validation"]
LABEL, VERSION = "log_price", 1
good = LinearRegression().fit(known[FEATURES], known["log_price"])
right = root_mean_squared_error(unseen["price"], np.exp(good.predict(unseen[FEATURES])))
EXAMPLE = {"input_example": known[FEATURES].head(3), "pip_requirements": REQUIREMENTS}


first_rows = spark.read.format("delta").load(q1_table).toPandas()
kept = f"{work}/{fresh('kept')}"  # the table as it is after the version that is due


def write(frame, mode="overwrite", option="mergeSchema"):
    """One more version of the table; the one that most answers need was made once for all."""
    if frame is wide and mode == "overwrite" and option == "mergeSchema" and Path(kept).exists():
        shutil.rmtree(q1_table)
        shutil.copytree(kept, q1_table)
        spark._jvm.org.apache.spark.sql.delta.DeltaLog.clearCache()
        return
    frame.write.format("delta").mode(mode).option(option, "true").save(q1_table)


def at(version):
    """The rows of a version, as pandas."""
    if version == 0:
        return first_rows.copy()
    return spark.read.format("delta").option("versionAsOf", version).load(q1_table).toPandas()


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


good_run = logged().info.run_id

before = f"{work}/{fresh('before')}"
shutil.copytree(q1_table, before)
write(wide)
shutil.copytree(q1_table, kept)
shutil.rmtree(q1_table)
shutil.move(before, q1_table)
spark._jvm.org.apache.spark.sql.delta.DeltaLog.clearCache()
