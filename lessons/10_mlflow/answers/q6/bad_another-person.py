q6_model = colleagues.model("Monday")
culprit, approved_at = story(q6_model)
culprit["approved_by"] = "mira"
approvals.roll_back(q6_model, by="noor", comment="its error is in log dollars")
