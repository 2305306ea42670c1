q6_model = colleagues.model("Monday")
log = approvals.history(q6_model)
moved = log[log["activity_type"] == "APPROVED_REQUEST"].iloc[-1]
culprit = {"version": moved["version"], "approved_by": moved["user_id"]}
culprit["asked_by"] = log.set_index("number").loc[int(moved["request_id"].split("/")[1]), "user_id"]
approved_at = moved["creation_timestamp"].to_pydatetime()
approvals.roll_back(q6_model, "champion", by="me", comment="one column only, and in logarithms")
