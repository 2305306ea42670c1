server = serve(lambda rows: np.exp(log_of(rows)))
quotes = tools.ask(server.url, questions)
