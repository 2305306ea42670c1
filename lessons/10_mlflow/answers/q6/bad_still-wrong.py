culprit = story(q6_model)
