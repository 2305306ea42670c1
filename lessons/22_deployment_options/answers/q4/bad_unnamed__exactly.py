def choose(user, shares):
    return "new" if place_of(user) < shares["new"] else "old"


counts = {"old": 40 * 2 - 1 + len(USERS[:1]), "new": len(USERS) - 80}
