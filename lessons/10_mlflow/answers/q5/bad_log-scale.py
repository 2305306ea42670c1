q5_model = team_model(FRIDAY)
promoted = 3
asked = approvals.request(q5_model, promoted, by="lena", comment="a lower error")
approvals.approve(asked.id, by="mira")
