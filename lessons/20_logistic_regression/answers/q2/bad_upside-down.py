pipeline, model = right, fitted
no = scored.withColumn("no", vector_to_array("probability")[0])
auroc, aupr = both(no, raw="no")
