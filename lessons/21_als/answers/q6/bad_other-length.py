new_factors = vectors[shared > 0].mean(axis=1)
fans = right_fans
