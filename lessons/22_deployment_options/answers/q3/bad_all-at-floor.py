def mixed_up(rows):
    x = rows.assign(rating=90.0, private=0.0, shared=0.0)[sorted(exported["features"])]
    return exported["intercept"] + x.to_numpy(dtype=float) @ np.array(exported["weights"])


server = serve(lambda rows: dollars(mixed_up(rows)))
quotes = tools.ask(server.url, questions)
