def choose(user, shares):
    part = int.from_bytes(hashlib.blake2b(user.encode(), digest_size=8).digest()) / 2**64
    return "old" if part * 100 >= shares.get("new", 0) else "new"


router = tools.Router(behind, {"new": 20, "old": 80}, choose)
answers = tools.send(router.url, questions, USERS)
counts = answers.groupby("version").size().to_dict()
router.stop()
