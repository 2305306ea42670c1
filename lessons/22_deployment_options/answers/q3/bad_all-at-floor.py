server = serve(lambda rows: np.maximum(log_of(rows), 10))
quotes = tools.ask(server.url, questions)
