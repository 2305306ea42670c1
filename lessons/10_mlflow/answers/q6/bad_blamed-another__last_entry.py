q6_model = colleagues.model("Monday")
last = approvals.history(q6_model).iloc[-1]
culprit, approved_at = story(q6_model)
culprit |= {"version": int(last["version"]), "asked_by": last["user_id"]}
approvals.roll_back(q6_model, by="noor", comment="its error is in log dollars")
