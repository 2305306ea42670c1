def mean(rows):
    return rows.agg(F.avg("superhost")).first()[0]


def loss(there, said):
    return -there * np.log(said) - (1 - there) * np.log(1 - said)


here, new = mean(fit_rows), mean(validation)
