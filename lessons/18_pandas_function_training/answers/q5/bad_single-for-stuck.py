verdict = named(stuck=int(loads[fine.index].sort_index(ascending=False).idxmin()))
verdict = named(stuck=single)
times = right
