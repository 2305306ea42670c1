model = ALS(**RIGHT, coldStartStrategy="drop", **QUICK)
