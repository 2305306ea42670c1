def choose(user, shares):
    return "old" if place_of(user) < shares["new"] else "new"


counts = count(choose)
