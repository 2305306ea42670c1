q6_model = colleagues.model("Monday")
culprit, approved_at = story(q6_model)
asked = approvals.request(q6_model, 2, by="noor", comment="back: the error of 3 is in logarithms")
approvals.approve(asked.id, by="mira")
