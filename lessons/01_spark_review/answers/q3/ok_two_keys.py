people = keyed.drop_duplicates(["key_phone", "key_email"]).select(*customers.columns)
