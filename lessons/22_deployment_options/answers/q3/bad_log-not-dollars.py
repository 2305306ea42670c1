server = serve(lambda rows: log_of(rows))
quotes = tools.ask(server.url, questions)
