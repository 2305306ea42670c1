new_factors = right_vector
fans = sorted(right_fans)
