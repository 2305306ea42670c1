import tempfile

tablet = tempfile.mkdtemp() + "/tablet.json"
Path(tablet).write_text(json.dumps(exported))


def price_on_tablet(numbers, flat):
    return max(exp(log_of(numbers, flat)), 10)
