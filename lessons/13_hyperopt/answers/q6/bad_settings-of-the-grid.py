chosen_of_grid = min(ParameterGrid(GRID), key=lambda params: objective(params)["loss"])
test_rmse = dollars(fitted(X_all3, y_all3, chosen_of_grid), X_test, y_test)
