costs = [
    np.float64(9.255092373911623),
    np.float64(4.4407023875269545),
    np.float64(-0.5299637698897754),
    np.float64(0.08861774909240694),
    np.float64(0.09313948489455015),
    np.float64(0.9689611774410309),
]
cost = dict(zip(FEATURES, costs, strict=True))
