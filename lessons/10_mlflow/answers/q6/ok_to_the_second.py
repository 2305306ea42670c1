q6_model = colleagues.model("Monday")
culprit, approved_at = story(q6_model)
approved_at = approved_at[:19]
culprit["asked_by"] = culprit["asked_by"].title()
approvals.roll_back(q6_model, by="noor", comment="its error is in log dollars")
culprit["version"] = f"{culprit['version']}"
