old, (x, y) = weights(known), new
cost = {}
for place, name in enumerate(FEATURES):
    changed = x.copy()
    changed[:, place] = 0
    cost[name] = np.sqrt(np.mean((y - with_one(changed, FEATURES) @ old) ** 2)) - rmse_of(
        known, new
    )
