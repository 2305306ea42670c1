seen = {}


def choose(user, shares):
    place = seen.setdefault(user, random.random() * 100)
    return "new" if place < shares["new"] else "old"


counts = count(choose)
