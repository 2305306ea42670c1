def log(model, **more):
    """The address of a model that was just logged."""
    return mlflow.sklearn.log_model(
        model,
        name="forest",
        pip_requirements=["scikit-learn", "skops"],
        skops_trusted_types=TREES,
        **more,
    ).model_uri


def sign(columns):
    return mlflow.models.infer_signature(homes[columns], np.zeros(len(homes)))


def priced(uri, *arguments, frame=offers):
    predict = mlflow.pyfunc.spark_udf(spark, uri, "double", env_manager="local")
    return frame.withColumn("prediction", F.exp(predict(*arguments))).select("id", "prediction")


model = load_model()
usual = log(model, signature=sign(COLUMNS))
struct = F.struct(*COLUMNS)
