def loads_of(frame):
    before = len(notes())
    frame.toPandas()
    return len(notes()) - before
