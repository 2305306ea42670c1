keyed = customers.selectExpr(
    "*",
    "lower(email) AS key_email",
    "right(translate(phone, '+-.() ', ''), 10) AS key_phone",
    """coalesce(
        try_to_date(birth_date, 'yyyy-MM-dd'),
        try_to_date(birth_date, 'dd.MM.yyyy'),
        try_to_date(birth_date, 'MM/dd/yyyy')
    ) AS key_born""",
)
