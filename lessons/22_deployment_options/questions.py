"""The questions of lab 22."""

from course_utils.lab import Answers, Question, Values, reference


def _mean(side: str) -> float:
    return float(reference.split("listings", ("price",))[side]["price"].mean())


def _median(a: Answers) -> dict[str, float]:
    return {"mean_price": float(reference.split("listings", ("price",))["train"]["price"].median())}


MEAN = Values(lambda a: {"mean_price": _mean("train")}, tolerance=1e-6)

QUESTIONS = [
    Question(
        id="q1",
        title="The mean price",
        names={"mean_price": "number"},
        hints=(
            "Which aggregate gives a mean?",
            'train.agg(F.mean("price")) is a frame of one row; first()[0] takes the number out.',
        ),
        mistakes=(
            MEAN.wrong(
                "other-rows",
                lambda a: {"mean_price": [_mean("test"), _mean("all")]},
                "is the mean of other rows",
                "The test rows are in it; only the training rows are asked for.",
            ),
            MEAN.wrong(
                "median-for-mean",
                _median,
                "is the median",
                "Half of the prices lie below it, which is another number than the mean.",
            ),
            MEAN.rounded(),
        ),
        refuse=MEAN.refuse,
        why="the mean is the first guess that a model has to beat.",
        points=2,
    ),
]
