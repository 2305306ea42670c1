from dataclasses import dataclass

tablet = Path(work) / "tablet.json"
tablet.write_text(json.dumps(exported, indent=1))


@dataclass
class Tablet:
    numbers: dict

    def rating(self, flat):
        given = flat["review_scores_rating"]
        return given if given is not None else self.numbers["median"]

    def value(self, name, flat):
        if name == "rating":
            return self.rating(flat)
        rooms = {"private": "Private room", "shared": "Shared room"}
        return float(flat["room_type"] == rooms[name]) if name in rooms else flat[name]


def price_on_tablet(numbers, flat):
    model = Tablet(numbers)
    values = [model.value(name, flat) for name in numbers["features"]]
    total = sum(map(lambda w, v: w * v, numbers["weights"], values))
    return max(10.0, exp(numbers["intercept"] + total))
