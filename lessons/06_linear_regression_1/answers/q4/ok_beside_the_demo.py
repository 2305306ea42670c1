def price_change(model, features, changes):
    per_unit = dict(zip(features, model.coefficients, strict=True))
    return sum(per_unit[name] * amount for name, amount in changes.items())


one = VectorAssembler(inputCols=["bedrooms"], outputCol="features")
model = LinearRegression(labelCol="price").fit(one.transform(train))
print(price_change(model, ["bedrooms"], {"bedrooms": 1}))
