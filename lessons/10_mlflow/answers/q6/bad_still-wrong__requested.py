q6_model = colleagues.model("Monday")
culprit, approved_at = story(q6_model)
approvals.request(q6_model, 2, by="noor", comment="back to six columns")
