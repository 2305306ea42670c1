"""One run of FLAML, in the environment of the benchmark's opponents.

It reads one JSON object from its standard input: `known` and `test` (Parquet files), `target`,
`kind` ("regression" or "classification"), `metric` (FLAML's name), `seconds`, `cores`, `out` (a
file for the predictions: values, or probabilities by class in order).
"""

import json
import sys


def main() -> None:
    """Search, then predict the test rows."""
    # FLAML would start a JVM to see whether Spark is there, at the cost of its own search
    sys.modules["pyspark"] = None  # type: ignore[assignment]

    import numpy as np
    import pandas as pd
    from flaml import AutoML

    ask = json.load(sys.stdin)
    known, test = pd.read_parquet(ask["known"]), pd.read_parquet(ask["test"])
    features = [name for name in known.columns if name != ask["target"]]
    model = AutoML()
    model.fit(
        known[features],
        known[ask["target"]],
        task=ask["kind"],
        metric=ask["metric"],
        time_budget=ask["seconds"],
        n_jobs=ask["cores"],
        seed=0,
        verbose=0,
    )
    predict = model.predict if ask["kind"] == "regression" else model.predict_proba
    np.save(ask["out"], np.asarray(predict(test[features])))


if __name__ == "__main__":
    main()
