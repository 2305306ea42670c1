keyed = customers.withColumn("digits", F.regexp_replace("phone", r"\D", "")).selectExpr(
    "*",
    "lower(email) AS key_email",
    "right(digits, 10) AS key_phone",
    """coalesce(
        try_to_date(birth_date, 'yyyy-MM-dd'),
        try_to_date(birth_date, 'dd.MM.yyyy'),
        try_to_date(birth_date, 'MM/dd/yyyy')
    ) AS key_born""",
)
