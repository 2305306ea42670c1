server = serve(lambda rows: dollars(log_of(rows)).round(2))
quotes = tools.ask(server.url, questions)
