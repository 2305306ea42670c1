q6_model = colleagues.model("Monday")
culprit, approved_at = story(q6_model)
q6_model = colleagues.model("Thursday")
