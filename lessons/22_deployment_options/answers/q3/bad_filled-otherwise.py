server = serve(lambda rows: dollars(log_of(rows, fill=0)))
quotes = tools.ask(server.url, questions)
