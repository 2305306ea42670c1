import pickle

BY_LINE = "intercept + b_load * load + b_outside * outside"
b = models.select("device_id", "intercept", "b_load", "b_outside").cache()
beside = test.join(b, "device_id", "left").cache()
hours, fits = beside.toPandas(), models.toPandas()


def predicted(frame, line=BY_LINE):
    return frame.selectExpr("device_id", "at", "energy", f"{line} AS prediction").cache()


def error(frame):
    return frame.agg(F.sqrt(F.avg((F.col("energy") - F.col("prediction")) ** 2))).first()[0]


right = predicted(beside)
off = right.toPandas().eval("off = energy - prediction")
