new_factors = right_vector
fans = users_for(new_factors, ascending=True)[:10]
