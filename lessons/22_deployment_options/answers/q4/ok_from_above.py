def choose(user, shares):
    return "old" if place_of("a salt of our own" + user) < shares["old"] else "new"


counts = {"old": 0, "new": 0}
with tools.Router(behind, {"old": 80, "new": 20}, choose) as router:
    for version in tools.send(router.url, questions, USERS)["version"]:
        counts[version] += 1
