verdict = named(erratic=stuck, stuck=erratic)
times = right
