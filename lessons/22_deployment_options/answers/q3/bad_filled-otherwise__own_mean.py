server = serve(lambda rows: dollars(log_of(rows, fill=rows["review_scores_rating"].mean())))
quotes = tools.ask(server.url, questions)
