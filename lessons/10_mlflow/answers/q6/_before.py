def story(name):
    """What went wrong, as the log has it."""
    asked = approvals.requests(name).query("version == 3").iloc[0]
    when = asked["decided_at"]
    return {
        "version": 3,
        "asked_by": asked["requested_by"],
        "approved_by": asked["decided_by"],
        "when": when,
    }


q6_model = colleagues.model("Monday")
