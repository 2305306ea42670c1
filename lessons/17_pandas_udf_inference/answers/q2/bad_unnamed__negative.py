def loads_of(frame):
    before = len(notes())
    frame.collect()
    return before - len(notes())
