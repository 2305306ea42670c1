new_factors = np.median(vectors[shared > 0], axis=0)
fans = right_fans
