def arrays(rows):
    table = np.array(rows.select(*FEATURES, "price").collect())
    return table[:, :-1], table[:, -1]


def with_one(x, columns):
    return np.column_stack([x[:, [FEATURES.index(name) for name in columns]], np.ones(len(x))])


def weights(rows, columns=FEATURES):
    x, y = rows
    return np.linalg.lstsq(with_one(x, columns), y, rcond=None)[0]


def rmse_of(learn, judge, columns=FEATURES):
    x, y = judge
    return float(np.sqrt(np.mean((y - with_one(x, columns) @ weights(learn, columns)) ** 2)))


def others(name):
    return [other for other in FEATURES if other != name]


known, new = arrays(fit_rows), arrays(validation)
