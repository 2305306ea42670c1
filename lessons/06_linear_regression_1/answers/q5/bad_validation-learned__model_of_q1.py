scored = model.transform(assembler.transform(validation))
of_all_six = RegressionEvaluator(labelCol="price").evaluate(scored)
cost = {f: rmse_of(known, new, others(f)) - of_all_six for f in FEATURES}
