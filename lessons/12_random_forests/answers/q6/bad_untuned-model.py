probability = vector_to_array("probability")[1]
others = model.transform(labeled_test).select("expensive", probability.alias("p")).toPandas()
y, p = others["expensive"].to_numpy() == 1, others["p"].to_numpy()
half, low, log_loss = at(0.5, y, p), at(0.3, y, p), loss(y, p)
