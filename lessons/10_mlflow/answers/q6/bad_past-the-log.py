q6_model = colleagues.model("Monday")
culprit, approved_at = story(q6_model)
client.set_registered_model_alias(q6_model, "champion", "2")
