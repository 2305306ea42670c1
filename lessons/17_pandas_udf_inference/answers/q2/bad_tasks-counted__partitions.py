def loads_of(frame):
    frame.collect()
    return frame.rdd.getNumPartitions()
