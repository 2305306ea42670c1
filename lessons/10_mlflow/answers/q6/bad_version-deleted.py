q6_model = colleagues.model("Monday")
culprit, approved_at = story(q6_model)
client.delete_model_version(q6_model, "3")
client.set_registered_model_alias(q6_model, "champion", "2")
