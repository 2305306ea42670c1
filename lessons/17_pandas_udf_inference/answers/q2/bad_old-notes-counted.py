def loads_of(frame):
    frame.write.format("noop").mode("overwrite").save()
    return len(notes())
