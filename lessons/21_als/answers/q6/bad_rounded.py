new_factors = np.round(right_vector, 2).tolist()
fans = right_fans
