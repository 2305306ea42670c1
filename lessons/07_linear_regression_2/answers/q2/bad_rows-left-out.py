few = encoded.filter("price > 20")
plain = PipelineModel(stages=[encoder, LinearRegression().fit(few)])
