server = serve(lambda rows: dollars(log_of(rows) - exported["intercept"]))
quotes = tools.ask(server.url, questions)
