people = spark.sql(
    """SELECT given_name, family_name, email, phone, birth_date, city, postcode
    FROM (SELECT *, row_number() OVER (
        PARTITION BY key_email, key_phone, key_born ORDER BY city) AS n FROM {keyed})
    WHERE n = 1""",
    keyed=keyed,
)
