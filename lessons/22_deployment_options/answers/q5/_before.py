from math import exp, nan
from pathlib import Path

FLAGS = {"private": "Private room", "shared": "Shared room"}


def write(text):
    name = f"{work}/tablet.json"
    Path(name).write_text(text)
    return name


def log_of(numbers, flat, fill=None, flags=FLAGS):
    rating = flat["review_scores_rating"]
    if rating is None:
        rating = numbers["median"] if fill is None else fill
    values = {**flat, "rating": rating}
    for name in FLAGS:
        values[name] = flat["room_type"] == flags.get(name)
    named = zip(numbers["features"], numbers["weights"], strict=True)
    return numbers["intercept"] + sum(weight * values[name] for name, weight in named)
