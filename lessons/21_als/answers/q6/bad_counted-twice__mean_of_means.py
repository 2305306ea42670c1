new_factors = np.mean([vectors[flag == 1].mean(axis=0) for flag in flags.T], axis=0)
fans = right_fans
