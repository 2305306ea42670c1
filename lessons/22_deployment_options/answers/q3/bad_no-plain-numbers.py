server = serve(lambda rows: pd.DataFrame({"price": dollars(log_of(rows))}))
quotes = tools.ask(server.url, questions)
