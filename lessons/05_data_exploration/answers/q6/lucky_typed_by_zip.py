names = ("mean", "median", "log mean")
rmse = dict(zip(names, (196.66993112978963, 203.12114611728637, 201.39794501423816), strict=True))
mae = dict(zip(names, (117.66964062261212, 104.76556776556777, 105.18887344694595), strict=True))
