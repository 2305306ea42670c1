def choose(user, shares):
    return "new" if sum(user.encode()) % 100 < shares["new"] else "old"


counts = count(choose)
