space = [rate, depth, share]
