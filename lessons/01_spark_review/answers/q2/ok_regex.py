iso = F.regexp_replace("birth_date", r"^(\d\d)\.(\d\d)\.(\d{4})$", "$3-$2-$1")
iso = F.regexp_replace(iso, r"^(\d\d)/(\d\d)/(\d{4})$", "$3-$1-$2")
number = r"(\d{3})\D*(\d{3})\D*(\d{4})$"
keyed = (
    customers.withColumn("key_born", iso.cast("date"))
    .withColumn("key_email", F.lower("email"))
    .withColumn("key_phone", F.concat(*[F.regexp_extract("phone", number, i) for i in (1, 2, 3)]))
)
