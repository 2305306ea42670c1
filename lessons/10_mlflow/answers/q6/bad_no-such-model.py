culprit = story(q6_model)
q6_model = fresh("10_team_price")
