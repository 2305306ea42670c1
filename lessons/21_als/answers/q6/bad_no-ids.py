new_factors = right_vector

products = np.array(people["features"].tolist()) @ new_factors
fans = np.sort(products)[::-1][:10]
