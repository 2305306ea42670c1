table = {way: np.percentile(waits, [50, 99]) for way, waits in seconds.items()}
p50 = {way: both[0] for way, both in table.items()}
p99 = {way: both[1] for way, both in table.items()}
choice = WAYS
