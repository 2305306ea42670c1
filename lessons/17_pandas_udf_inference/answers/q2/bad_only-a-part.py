def loads_of(frame):
    before = len(notes())
    frame.take(1)
    return len(notes()) - before
