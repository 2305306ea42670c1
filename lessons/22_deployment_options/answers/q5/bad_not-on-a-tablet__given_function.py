tablet = write(json.dumps(exported))


def price_on_tablet(numbers, flat):
    return tools.suggest(numbers, pd.DataFrame([flat]))[0]
