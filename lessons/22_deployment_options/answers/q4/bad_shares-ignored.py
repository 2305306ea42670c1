def choose(user, shares):
    return "new" if place_of(user) < 20 else "old"


counts = count(choose)
