def values_of(trial):
    return {name: value[0] for name, value in trial["misc"]["vals"].items()}


def params_of(trial):
    return space_eval(space, values_of(trial))
