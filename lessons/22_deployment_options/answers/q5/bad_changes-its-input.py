tablet = write(json.dumps(exported))


def price_on_tablet(numbers, flat):
    if flat["review_scores_rating"] is None:
        flat["review_scores_rating"] = numbers["median"]
    return max(exp(log_of(numbers, flat)), 10)
