other = RandomForestRegressor(5, max_depth=3, random_state=1)
other.fit(known[COLUMNS].to_numpy(), np.log(known["price"]))
model_uri = log(other, signature=sign(COLUMNS))
by_mlflow = priced(model_uri, struct)
