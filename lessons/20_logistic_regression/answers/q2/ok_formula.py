from pyspark.ml.feature import RFormula

pipeline = Pipeline(
    stages=[
        RFormula(formula="superhost ~ " + " + ".join(FEATURES)),
        LogisticRegression(labelCol="superhost"),
    ]
)
model = pipeline.fit(fit_rows)
auroc, aupr = both(model.transform(validation))
