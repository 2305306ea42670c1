new_factors = right_vector
fans = users_for(new_factors)[:3]
