q5_model, promoted = fresh("10_team_price"), 2
