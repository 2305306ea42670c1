two = ParamGridBuilder().addGrid(last.regParam, [0.0, 0.5]).build()
cv_model, best_reg, cv_aupr = read(changed("estimatorParamMaps", two))
