def loads_of(frame):
    frame.collect()
    before = len(notes())
    return len(notes()) - before
