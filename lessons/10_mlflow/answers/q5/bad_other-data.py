q5_model = colleagues.model("Thursday")
promoted = 4
asked = approvals.request(q5_model, promoted, by="noor", comment="a lower error")
approvals.approve(asked.id, by="mira")
