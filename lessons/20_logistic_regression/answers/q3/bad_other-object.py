other = LogisticRegression(labelCol="superhost")
grid = ParamGridBuilder().addGrid(other.regParam, [0.0, 0.02, 0.5]).build()
cv_model, best_reg, cv_aupr = read(search(estimatorParamMaps=grid))
