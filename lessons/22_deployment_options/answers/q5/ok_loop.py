import math

tablet = f"{work}/model.json"
with Path(tablet).open("w") as out:
    json.dump(exported, out, indent=2)


def price_on_tablet(numbers, flat):
    total = numbers["intercept"]
    for place, name in enumerate(numbers["features"]):
        if name == "rating":
            value = flat["review_scores_rating"]
            value = numbers["median"] if value is None else value
        elif name == "private":
            value = 1 if flat["room_type"] == "Private room" else 0
        elif name == "shared":
            value = int(flat["room_type"] == "Shared room")
        else:
            value = flat[name]
        total += numbers["weights"][place] * value
    return 10 if math.exp(total) < 10 else math.exp(total)
