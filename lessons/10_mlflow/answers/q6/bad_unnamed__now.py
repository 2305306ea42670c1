culprit = story(q6_model)
culprit["when"] = "2019-03-06 12:00"
approvals.roll_back(q6_model, by="lena", comment="its error is in log dollars")
