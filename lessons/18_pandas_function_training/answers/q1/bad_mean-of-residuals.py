def train_device(key, rows):
    def error(row, rows):
        predicted = row["intercept"] + rows["load"] * row["b_load"]
        left = rows["energy"] - predicted - rows["outside"] * row["b_outside"]
        return np.sqrt(np.mean(left) ** 2)

    return safely(key, rows, rmse=error)
