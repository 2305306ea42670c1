few = encoded.filter("review_scores_rating > 40")
plain = PipelineModel(stages=[encoder, LinearRegression().fit(few)])
