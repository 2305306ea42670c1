found = [2.9555207296914972e-217, 0.384197507497079, 1.3917491837918057e-06]
p_values = dict(zip(CATEGORIES, found, strict=True))
found = [0.2993051516707368, 0.018426077313845355, 0.06918193340729586]
cramers_v = dict(zip(CATEGORIES, found, strict=True))
related = [name for name, p in p_values.items() if p < 0.01]
