def choose(user, shares):
    return "new" if ord(user[0]) % 100 < shares["new"] else "old"


counts = count(choose)
