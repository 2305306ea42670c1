space = {
    "learning_rate": [0.005, 0.05, 0.5],
    "max_depth": list(range(2, 11)),
    "max_features": ["sqrt", 0.6, 0.9],
}
