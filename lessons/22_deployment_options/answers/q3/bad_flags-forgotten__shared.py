server = serve(lambda rows: dollars(log_of(rows, shared="shared")))
quotes = tools.ask(server.url, questions)
