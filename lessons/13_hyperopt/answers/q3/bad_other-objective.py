def upside_down(params):
    return {"loss": -objective(params)["loss"], "status": STATUS_OK}


other = Trials()
best = searched(other, upside_down)
trials = as_spark_trials(other)
