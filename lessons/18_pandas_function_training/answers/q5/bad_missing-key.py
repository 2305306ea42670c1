verdict = named()
del verdict["single"]
times = right
