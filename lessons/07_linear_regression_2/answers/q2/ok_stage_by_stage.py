# Better when you try several regressions: the text columns are encoded once for all of them.
from pyspark.ml import PipelineModel

formula = RFormula(formula="price ~ .", handleInvalid="keep", stringIndexerOrderType="alphabetDesc")
encoder = formula.fit(train)
regression = LinearRegression(regParam=1e-6).fit(encoder.transform(train.repartition(3)))
plain = PipelineModel(stages=[encoder, regression])
