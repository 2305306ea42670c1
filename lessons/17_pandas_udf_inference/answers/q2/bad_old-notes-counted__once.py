before_all = len(notes())


def loads_of(frame):
    frame.collect()
    return len(notes()) - before_all
