more = ParamGridBuilder().addGrid(last.regParam, values).addGrid(last.maxIter, [10]).build()
cv_model, best_reg, cv_aupr = read(changed("estimatorParamMaps", more))
