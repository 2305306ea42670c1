new_factors = vectors[shared == len(wanted)].mean(axis=0)
fans = right_fans
