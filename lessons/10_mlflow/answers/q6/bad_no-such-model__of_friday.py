culprit = story(q6_model)
q6_model = team_model(FRIDAY)
