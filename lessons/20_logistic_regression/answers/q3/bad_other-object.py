other = LogisticRegression(labelCol="superhost")
grid = ParamGridBuilder().addGrid(other.regParam, values).build()
cv_model, best_reg, cv_aupr = read(changed("estimatorParamMaps", grid))
