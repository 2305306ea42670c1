from pyspark.ml import PipelineModel

formula = RFormula(formula="price ~ .", handleInvalid="keep").fit(train.unionByName(test))
plain = PipelineModel(stages=[formula, LinearRegression().fit(formula.transform(train))])
