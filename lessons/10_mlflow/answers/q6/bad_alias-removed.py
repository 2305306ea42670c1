culprit = story(q6_model)
client.delete_registered_model_alias(q6_model, "champion")
