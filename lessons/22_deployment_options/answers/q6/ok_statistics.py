import statistics

p50, p99 = {}, {}
for way in seconds:
    hundredths = statistics.quantiles(seconds[way], n=100)
    p50[way], p99[way] = statistics.median(seconds[way]), hundredths[98]
choice = {"report": "batch", "form": "rest", "cellar": "edge", "desk": "stream"}
