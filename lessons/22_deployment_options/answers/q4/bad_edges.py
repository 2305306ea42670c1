def choose(user, shares):
    return "new" if place_of(user) <= shares["new"] else "old"


counts = count(choose)
