server = serve(lambda rows: dollars(log_of(rows, fill=np.nan)))
quotes = tools.ask(server.url, questions)
