half, low, log_loss = at(0.5), at(0.3), loss()
for each in (half, low):
    each["f1"] = (each["precision"] + each["recall"]) / 2
