q5_model = colleagues.model("Thursday")
promoted = 2
asked = approvals.request(q5_model, promoted, by="mira", comment="a lower error")
approvals.approve(asked.id, by="noor")
