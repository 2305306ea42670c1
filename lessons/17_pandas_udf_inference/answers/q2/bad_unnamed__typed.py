def loads_of(frame):
    frame.collect()
    return 8
