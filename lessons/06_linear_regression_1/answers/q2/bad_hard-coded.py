predictions = model.transform(assembler.transform(test))
rmse = 115.2
mae = 75.1
r2 = 0.55
