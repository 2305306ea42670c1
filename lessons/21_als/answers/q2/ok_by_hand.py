p = {row.id: row.features for row in model.userFactors.collect()}
q = {row.id: row.features for row in model.itemFactors.collect()}
squares, unpredicted = [], 0
for row in test.collect():
    if row.user_id in p and row.film_id in q:
        squares.append((np.dot(p[row.user_id], q[row.film_id]) - row.rating) ** 2)
    else:
        unpredicted += 1
rmse = np.mean(squares) ** 0.5
