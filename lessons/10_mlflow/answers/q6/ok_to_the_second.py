culprit = story(q6_model)
culprit["when"] = culprit["when"][:19]
culprit["asked_by"] = culprit["asked_by"].title()
approvals.roll_back(q6_model, by="lena", comment="its error is in log dollars")
culprit["version"] = f"{culprit['version']}"
