from functools import cache


@cache
def dice_of(user):
    return random.random() * 100


def choose(user, shares):
    return "new" if dice_of(user) < shares["new"] else "old"


counts = count(choose)
