server = serve(lambda rows: tools.suggest(exported, rows))
quotes = tuple(tools.ask(server.url, questions))
