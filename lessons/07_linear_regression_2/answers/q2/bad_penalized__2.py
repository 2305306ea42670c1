lasso = LinearRegression(regParam=1.0, elasticNetParam=1.0)
plain = PipelineModel(stages=[encoder, lasso.fit(encoded)])
