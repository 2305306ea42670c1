q5_model = team_model(FRIDAY)
promoted = 2
client.set_registered_model_alias(q5_model, "champion", promoted)
