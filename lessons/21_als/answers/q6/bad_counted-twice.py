new_factors = shared @ vectors / shared.sum()
fans = right_fans
