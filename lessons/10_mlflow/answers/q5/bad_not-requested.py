q5_model = team_model(FRIDAY)
promoted = 2
