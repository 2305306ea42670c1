p50 = {way: pd.Series(waits).median() for way, waits in seconds.items()}
p99 = {way: pd.Series(waits).quantile(0.99) for way, waits in seconds.items()}
choice = {"desk": "Stream", "report": "Batch", "cellar": "Edge", "form": "REST"}
