from types import SimpleNamespace

server = SimpleNamespace(url="http://127.0.0.1:9/invocations")
quotes = dollars(log_of(questions)).tolist()
