culprit = story(q6_model)
del culprit["when"]
approvals.roll_back(q6_model, by="lena", comment="its error is in log dollars")
