models = good
failed = [*failed_of(due), int(due.loc[due["hours"] == 1, "device_id"].iloc[0])]
