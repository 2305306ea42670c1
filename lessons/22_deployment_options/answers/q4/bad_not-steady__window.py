def choose(user, shares):
    place = (place_of(user) - shares["new"]) % 100
    return "new" if place < shares["new"] else "old"


counts = count(choose)
