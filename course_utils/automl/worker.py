"""Runs the cells of one trial. It needs nothing of the package, so that a Spark worker or a fresh
process can run it where the package is not installed.

As a program it reads pickled jobs from its standard input and writes pickled answers to its
standard output, one after the other, until its input ends.
"""

import pickle
import sys
from typing import Any

_BOOTSTRAPS = 200


def run(frame: Any, job: dict[str, Any]) -> dict[str, Any]:
    """Execute the cells of a trial on a frame.

    Args:
        frame: the rows of the Parquet file that the trial's notebook reads; not changed.
        job: `cells` (name to code), `steps` (their order), `part` ("validation" or "test"),
            `metric` and `expression` (its name and code), `beat` (the uncertainty is measured
            if the metric is not worse than this; None: always), `larger` (whether more is
            better), `keep` (whether to return the fitted model), `names` (more
            names for the cells, such as a session).

    Returns:
        `metrics`, `seconds`, `loading` (the part of them that went into imports), and, where
        asked for, `interval` (the middle 95 % of the metric in resampled rows) and `model`; or
        `error`, one line.
    """
    import time
    import warnings

    from threadpoolctl import threadpool_limits

    begin = time.monotonic()
    loading = 0.0
    names = {"__name__": "__main__", "data": frame, "print": lambda *_: None, **job["names"]}
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore")
        try:
            for step in job["steps"]:
                exec(compile(job["cells"][step], f"<{step}>", "exec"), names)
                if step == "imports":
                    loading = time.monotonic() - begin
            return _answer(names, job, time.monotonic() - begin) | {"loading": loading}
        except Exception as error:
            # Py4J puts a line before what Java said
            told = [line for line in str(error).splitlines() if "while calling o" not in line]
            return {"error": f"{type(error).__name__}: {' '.join(told[:1])}"[:300]}
        finally:
            # The functions of the cells point back at their names: a circle, which Python frees
            # late, and a forest is in it. A model that is kept needs them.
            if not job["keep"]:
                names.clear()


def _answer(names: dict[str, Any], job: dict[str, Any], seconds: float) -> dict[str, Any]:
    """What `run` returns, from the names that the cells have left."""
    metrics = names[f"{job['part']}_metrics"]
    answer = {"metrics": metrics, "seconds": seconds}
    value, beat = metrics[job["metric"]], job["beat"]
    if beat is None or (value >= beat if job["larger"] else value <= beat):
        answer["interval"] = _interval(names, job["expression"])
    if job["keep"]:
        answer["model"] = names["model"]
    return answer


def _interval(names: dict[str, Any], expression: str) -> tuple[float, float]:
    """From the 2.5th to the 97.5th percentile of the metric in seeded resamples of the rows."""
    import numpy as np

    code = compile(expression, "<metric>", "eval")
    truth = names["truth"]
    probability = names.get("probability")
    if probability is None:
        predicted = names["predicted"]
    else:
        predicted = np.array(names["CLASSES"])[probability.argmax(axis=1)]
    numbers = np.random.default_rng(0)
    values = []
    for _ in range(_BOOTSTRAPS):
        rows = numbers.integers(0, len(truth), len(truth))
        sample = {"truth": truth[rows], "predicted": predicted[rows]}
        if probability is not None:
            sample["probability"] = probability[rows]
        try:
            values.append(eval(code, {**names, **sample}))
        except ValueError:  # a class is not among these rows
            continue
    low, high = np.percentile(values, [2.5, 97.5]) if values else (float("nan"),) * 2
    return float(low), float(high)


def main() -> None:
    """Answer jobs until the input ends."""
    import os

    import pandas as pd

    # What libraries print must not get between the answers
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    frame = pd.read_parquet(sys.argv[1])
    while True:
        try:
            job = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        pickle.dump(run(frame, job), answers)
        answers.flush()


if __name__ == "__main__":
    main()
