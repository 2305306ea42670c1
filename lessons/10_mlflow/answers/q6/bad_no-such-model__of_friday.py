culprit = story(q6_model)
q6_model = colleagues.model("Thursday")
