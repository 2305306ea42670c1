pipeline, model = right, fitted
right_ones = (F.col("prediction") == F.col("expensive")).cast("double")
auc_seen = known.agg(F.avg(right_ones)).first()[0]
