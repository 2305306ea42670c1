new_factors = np.array(people["features"].tolist()).mean(axis=0)
fans = right_fans
