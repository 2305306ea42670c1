def choose(user, shares):
    return "new" if random.random() * 100 < shares["new"] else "old"


counts = count(choose)
