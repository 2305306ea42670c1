quotes = tools.ask(serve(lambda rows: dollars(log_of(rows))).url, questions)
server = "http://127.0.0.1:8000/invocations"
