def loads_of(frame):
    before = len(notes())
    frame.collect()
    return str(len(notes()) - before)
