q5_model = team_model(FRIDAY)
promoted = six_columns
