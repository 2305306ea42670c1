def choose(user, shares):
    return "new" if place_of(user) / 100 < shares["new"] else "old"


counts = count(choose)
