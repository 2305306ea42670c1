known = np.array(train.select("price").collect())[:, 0]
new = np.array(test.select("price").collect())[:, 0]
constants = {
    "mean": known.mean(),
    "median": np.median(known),
    "log mean": np.exp(np.log(known).mean()),
}


def root(constant, rows=new):
    return np.sqrt(np.mean((rows - constant) ** 2))


def absolute(constant, rows=new):
    return np.mean(np.abs(rows - constant))
