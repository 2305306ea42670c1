q6_model = colleagues.model("Monday")
culprit, approved_at = story(q6_model)
asked = approvals.requests(q6_model).query("version == 3")
approved_at = asked["requested_at"].iloc[0]
approvals.roll_back(q6_model, by="noor", comment="its error is in log dollars")
