q5_model = colleagues.model("Thursday")
promoted = 2
client.set_registered_model_alias(q5_model, "champion", promoted)
