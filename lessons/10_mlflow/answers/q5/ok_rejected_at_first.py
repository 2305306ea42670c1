q5_model = colleagues.model("Thursday")
promoted = 2
first = approvals.request(q5_model, promoted, by="noor", comment="better")
approvals.reject(first.id, by="mira", comment="say by how much")
asked = approvals.request(q5_model, promoted, by="noor", comment="a lower error")
approvals.approve(asked.id, by="mira")
