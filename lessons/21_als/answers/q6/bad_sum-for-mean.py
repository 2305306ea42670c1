new_factors = vectors[shared > 0].sum(axis=0)
fans = right_fans
