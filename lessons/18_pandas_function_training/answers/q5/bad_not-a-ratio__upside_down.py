verdict = named()
times = 1 / right
