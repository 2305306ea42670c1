import itertools

turn = itertools.count()


def choose(user, shares):
    return "new" if next(turn) % 100 < shares["new"] else "old"


counts = count(choose)
