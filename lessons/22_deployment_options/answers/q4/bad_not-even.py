def choose(user, shares):
    return "new" if len(user) * 7 % 100 < shares["new"] else "old"


counts = count(choose)
