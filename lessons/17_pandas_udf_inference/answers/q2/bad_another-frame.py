def loads_of(frame):
    before = len(notes())
    by_batch.collect()
    return len(notes()) - before
