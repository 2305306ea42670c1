server = serve(lambda rows: dollars(log_of(rows, private="Shared room", shared="Private room")))
quotes = tools.ask(server.url, questions)
