from pyspark.ml import Pipeline

stages = [
    VectorAssembler(inputCols=FEATURES, outputCol="features"),
    LinearRegression(labelCol="price"),
]
assembler, model = Pipeline(stages=stages).fit(train).stages
