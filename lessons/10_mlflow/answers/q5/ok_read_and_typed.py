q5_model = colleagues.model("Thursday")
for number in range(1, 5):
    data = client.get_run(client.get_model_version(q5_model, number).run_id).data
    print(number, data.params, data.metrics)
promoted = "2"
asked = approvals.request(q5_model, promoted, by="noor", comment="a lower error")
approvals.approve(asked.id, by="mira")
