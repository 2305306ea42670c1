verdict = named(erratic=stuck, stuck=single, single=erratic)
times = right
