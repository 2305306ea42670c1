q6_model = colleagues.model("Monday")
culprit, _ = story(q6_model)
approvals.roll_back(q6_model, by="noor", comment="its error is in log dollars")
approved_at = approvals.history(q6_model)["creation_timestamp"].iloc[-1]
