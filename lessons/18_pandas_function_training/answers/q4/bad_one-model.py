some = b.where("b_load > 5").orderBy("device_id").first()
line = f"{some[1]} + {some[2]} * load + {some[3]} * outside"
gaps = "CASE WHEN intercept IS NOT NULL THEN {} END"
scored = predicted(beside, gaps.format(line))
own_rmse = error(scored)
