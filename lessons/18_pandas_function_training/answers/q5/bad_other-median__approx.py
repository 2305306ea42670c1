verdict = named()
middle = models.select(F.percentile_approx("rmse", 0.5)).first()[0]
times = fine["rmse"][erratic] / middle
