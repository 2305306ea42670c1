known = columns(labeled_train)
y, p = known["expensive"].to_numpy() == 1, known["p"].to_numpy()
half, low, log_loss = at(0.5, y, p), at(0.3, y, p), loss(y, p)
