def choose(user, shares):
    return "new" if zlib.crc32(user.encode()) % 100 < shares["new"] else "old"


counts = count(choose)
