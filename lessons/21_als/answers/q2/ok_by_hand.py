p = {row.id: row.features for row in model.userFactors.collect()}
q = {row.id: row.features for row in model.itemFactors.collect()}
squares, unpredicted = [], 0
for row in test.collect():
    in_model = row.user_id in p and row.film_id in q
    unpredicted += not in_model
    if in_model:
        squares.append((np.dot(p[row.user_id], q[row.film_id]) - row.rating) ** 2)
rmse = np.mean(squares) ** 0.5
