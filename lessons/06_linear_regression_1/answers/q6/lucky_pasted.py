ratios = [3.1222693409049356, 0.9768929659954787]
spread_ratio, log_spread_ratio = ratios
assumption = "homoscedasticity"
