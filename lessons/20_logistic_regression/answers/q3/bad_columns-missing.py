vectors = VectorAssembler(inputCols=FEATURES[:3], outputCol="features")
cv_model, best_reg, cv_aupr = read(search(estimator=Pipeline(stages=[vectors, last])))
