server = serve(lambda rows: pd.Series(dollars(log_of(rows))))
quotes = tools.ask(server.url, questions)
