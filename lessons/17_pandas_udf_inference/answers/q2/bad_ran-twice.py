def loads_of(frame):
    before = len(notes())
    if frame.collect():
        frame.write.format("noop").mode("overwrite").save()
    return len(notes()) - before
