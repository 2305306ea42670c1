from pyspark.ml import PipelineModel
from pyspark.ml.feature import StandardScaler

scaler = StandardScaler(inputCol="features", outputCol="scaled").fit(encoded)
regression = LinearRegression(featuresCol="scaled").fit(scaler.transform(encoded))
plain = PipelineModel(stages=[encoder, scaler, regression])
