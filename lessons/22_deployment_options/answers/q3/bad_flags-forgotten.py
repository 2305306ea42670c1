server = serve(lambda rows: dollars(log_of(rows, private=1, shared=1)))
quotes = tools.ask(server.url, questions)
