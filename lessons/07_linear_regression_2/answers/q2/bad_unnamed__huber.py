plain = PipelineModel(stages=[encoder, LinearRegression(loss="huber").fit(encoded)])
