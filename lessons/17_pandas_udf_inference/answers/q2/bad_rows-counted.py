def loads_of(frame):
    return len(frame.collect())
