def choose(user, shares):
    return "new" if hash(user) % 100 < shares["new"] else "old"


counts = count(choose)
