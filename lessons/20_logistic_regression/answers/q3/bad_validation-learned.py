rows = train.withColumn("superhost", is_superhost)
cv_model, best_reg, cv_aupr = read(with_best(fitted(rows=rows)))
