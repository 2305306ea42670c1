q6_model = colleagues.model("Monday")
culprit, approved_at = story(q6_model)
culprit["asked_by"], culprit["approved_by"] = culprit["approved_by"], culprit["asked_by"]
approvals.roll_back(q6_model, by="noor", comment="its error is in log dollars")
