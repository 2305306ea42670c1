culprit = story(q6_model)
approvals.request(q6_model, 2, by="lena", comment="back to six columns")
