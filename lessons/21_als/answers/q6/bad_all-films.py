new_factors = vectors.mean(axis=0)
fans = right_fans
