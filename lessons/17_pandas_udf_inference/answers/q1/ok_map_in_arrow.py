import pyarrow as pa


def score(batches):
    forest = load_model()
    for batch in batches:
        X = np.column_stack([batch.column(name).to_numpy() for name in COLUMNS])
        yield pa.record_batch(
            [batch.column("id"), np.exp(forest.predict(X))], names=["id", "prediction"]
        )


scored = offers.mapInArrow(score, "id bigint, prediction double")
