q5_model = colleagues.model("Thursday")
promoted = 2
asked = approvals.request(q5_model, promoted, by="noor", comment="a lower error")
approvals.approve(asked.id, by="mira")
approvals.roll_back(q5_model, by="tom", comment="a doubt")
