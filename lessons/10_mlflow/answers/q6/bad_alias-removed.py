q6_model = colleagues.model("Monday")
culprit, approved_at = story(q6_model)
client.delete_registered_model_alias(q6_model, "champion")
