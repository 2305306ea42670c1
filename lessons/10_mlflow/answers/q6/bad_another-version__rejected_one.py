q6_model = colleagues.model("Monday")
culprit, approved_at = story(q6_model)
asked = approvals.request(q6_model, 4, by="noor", comment="a lower error")
approvals.approve(asked.id, by="mira")
