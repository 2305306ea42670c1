def loads_of(frame):
    before = len(notes())
    frame.select("*")
    return len(notes()) - before
