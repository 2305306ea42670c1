server = serve(lambda rows: dollars(log_of(rows)).astype(int))
quotes = tools.ask(server.url, questions)
