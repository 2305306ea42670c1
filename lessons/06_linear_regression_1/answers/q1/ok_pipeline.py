# Better when new listings must go through the same steps: a Pipeline keeps them together.
from pyspark.ml import Pipeline

stages = [
    VectorAssembler(inputCols=FEATURES, outputCol="features"),
    LinearRegression(labelCol="price"),
]
assembler, model = Pipeline(stages=stages).fit(train).stages
