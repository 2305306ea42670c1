def choose(user, shares):
    return "new" if place_of(user) < shares["new"] else "old"


counts = dict(zip(("new", "old"), count(choose).values(), strict=True))
