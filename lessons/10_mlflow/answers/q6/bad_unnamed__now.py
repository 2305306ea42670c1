q6_model = colleagues.model("Monday")
culprit, approved_at = story(q6_model)
approved_at = "2019-03-06 12:00"
approvals.roll_back(q6_model, by="noor", comment="its error is in log dollars")
