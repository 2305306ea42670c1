verdict = named(erratic=failed[0])
times = right
