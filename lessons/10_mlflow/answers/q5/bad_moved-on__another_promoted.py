q5_model = colleagues.model("Thursday")
promoted = 2
for number in (promoted, 3):
    asked = approvals.request(q5_model, number, by="noor", comment="a lower error")
    approvals.approve(asked.id, by="mira")
