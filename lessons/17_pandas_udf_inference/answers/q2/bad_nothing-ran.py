def loads_of(frame):
    before = set(notes())
    frame.count()
    return len(set(notes()) - before)
