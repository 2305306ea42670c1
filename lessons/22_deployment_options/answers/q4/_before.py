import hashlib
import random
import zlib


def place_of(text):
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 100


def count(rule, new=20):
    with tools.Router(behind, {"old": 100 - new, "new": new}, rule) as router:
        answers = tools.send(router.url, questions, USERS)
    found = answers["version"].value_counts()
    return {name: int(found.get(name, 0)) for name in ("old", "new")}
