model_uri = usual
by_mlflow = priced(usual, struct, frame=offers.dropDuplicates(["bedrooms"]))
