def choose(user, shares):
    return "new" if place_of(user + str(shares["new"])) < shares["new"] else "old"


counts = count(choose)
