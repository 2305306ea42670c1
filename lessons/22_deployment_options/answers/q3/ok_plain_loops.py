import math


def price(rows):
    answers = []
    for row in rows.to_dict("records"):
        rating = row["review_scores_rating"]
        if rating is None or math.isnan(rating):
            rating = exported["median"]
        row |= {"rating": rating}
        row |= {"private": float(row["room_type"] == "Private room")}
        row |= {"shared": float(row["room_type"] == "Shared room")}
        total = exported["intercept"]
        for name, weight in zip(exported["features"], exported["weights"], strict=True):
            total += weight * row[name]
        answers.append(max(math.exp(total), 10.0))
    return answers


server = serve(price)
quotes = np.array([tools.ask(server.url, questions.iloc[[n]])[0] for n in range(len(questions))])
