plain = PipelineModel(stages=[encoder, LinearRegression(regParam=0.1).fit(encoded)])
