def loads_of(frame):
    before = len(notes())
    frame.cache().collect()
    return len(notes()) - before
