votes = cv_model.transform(labeled_test).select(vector_to_array("rawPrediction")[1]).toPandas()
votes = votes.iloc[:, 0].to_numpy()
half, low, log_loss = at(0.5, p=votes), at(0.3, p=votes), loss()
