born = F.coalesce(F.to_date("birth_date", "yyyy-MM-dd"), F.to_date("birth_date", "dd.MM.yyyy"))
keyed = (
    customers.withColumn("key_email", F.lower("email"))
    .withColumn("key_phone", F.regexp_replace("phone", "[^0-9]", ""))
    .withColumn("key_born", born)
)
