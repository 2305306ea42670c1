server = serve(lambda rows: log_of(rows))
quotes = np.maximum(np.exp(tools.ask(server.url, questions)), 10)
