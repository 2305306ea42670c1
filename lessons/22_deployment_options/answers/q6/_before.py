WAYS = {"report": "batch", "form": "rest", "cellar": "edge", "desk": "stream"}


def each(make):
    return {way: make(np.array(waits)) for way, waits in seconds.items()}


def half(waits):
    return np.quantile(waits, 0.5)


def high(waits):
    return np.quantile(waits, 0.99)
