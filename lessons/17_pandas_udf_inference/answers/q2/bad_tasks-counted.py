def loads_of(frame):
    before = set(notes())
    frame.collect()
    return len({note.split("-")[0] for note in set(notes()) - before})
