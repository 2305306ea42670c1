server = serve(lambda rows: dollars(log_of(rows)))
quotes = tools.ask(server.url, questions.head(1))
