def objective(p):
    p = dict(p)
    p["max_depth"] = int(p["max_depth"])
    off = make_model(**p).fit(X_fit, y_fit).predict(X_val) - y_val
    loss = (sum(float(each) ** 2 for each in off) / len(off)) ** 0.5
    return {"status": "ok", "loss": loss, "rows": len(off)}
