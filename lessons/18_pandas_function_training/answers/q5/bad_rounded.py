verdict = named()
times = round(right, 1)
