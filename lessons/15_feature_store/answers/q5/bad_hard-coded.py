changed = {"rides_3h": 0, "smooth": 31, "record": 0, "day_share": 300}
leaky = ["smooth", "day_share"]
