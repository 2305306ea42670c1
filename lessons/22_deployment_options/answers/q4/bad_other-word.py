def choose(user, shares):
    return "v2" if place_of(user) < shares["new"] else "v1"


counts = {"old": 10 * 8, "new": 10 * 2}
