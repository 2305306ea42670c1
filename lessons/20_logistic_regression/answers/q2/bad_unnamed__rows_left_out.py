pipeline = right
model = pipeline.fit(fit_rows.filter("review_scores_rating_na = 0"))
auroc, aupr = both(model.transform(validation))
