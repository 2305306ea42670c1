text = "140.48085339246796 84.45192050116933 0.4895437022481691"
rmse, mae, r2 = (float(value) for value in text.split())
