alike = [
    v for v, g in zip(vectors, items["genres"], strict=True) if set(g.split("|")) & set(wanted)
]
new_factors = [sum(column) / len(alike) for column in zip(*alike, strict=True)]
fans = tuple(users_for(new_factors)[:10])
