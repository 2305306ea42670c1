def story(name):
    """What went wrong, as the log has it: the people, and when."""
    asked = approvals.requests(name).query("version == 3").iloc[0]
    people = {"version": 3, "asked_by": asked["requested_by"], "approved_by": asked["decided_by"]}
    return people, asked["decided_at"]
