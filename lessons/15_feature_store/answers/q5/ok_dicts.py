from collections import Counter


def values(frame):
    return {(r.station, r.known_at): r for r in frame.collect()}


a, b = (
    values(rush(hourly)),
    values(rush(hourly.where(F.col("known_at") <= F.lit(noon).cast("timestamp")))),
)
changed = Counter(dict.fromkeys(FEATURES, 0))
changed.update(c for k in a.keys() & b.keys() for c in FEATURES if a[k][c] != b[k][c])
leaky = [c for c, n in changed.most_common() if n != 0]
