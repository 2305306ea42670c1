model_uri = usual
by_mlflow = priced(usual, *sorted(COLUMNS))
