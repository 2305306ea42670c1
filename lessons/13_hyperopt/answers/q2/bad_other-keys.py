space = {"learning_rate": rate, "max_depth": depth}
