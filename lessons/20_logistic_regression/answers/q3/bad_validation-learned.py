cv_model, best_reg, cv_aupr = read(search(train.withColumn("superhost", is_superhost)))
