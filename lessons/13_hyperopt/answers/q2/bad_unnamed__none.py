space = print({"learning_rate": rate})
