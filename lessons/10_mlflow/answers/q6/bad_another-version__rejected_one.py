culprit = story(q6_model)
asked = approvals.request(q6_model, 4, by="lena", comment="a lower error")
approvals.approve(asked.id, by="mira")
