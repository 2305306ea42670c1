q5_model = colleagues.model("Thursday")
promoted = 2
asked = approvals.request(q5_model, promoted, by="noor", comment="lower")
approvals.reject(asked.id, by="mira", comment="not now")
