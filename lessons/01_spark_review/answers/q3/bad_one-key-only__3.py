people = keyed.dropDuplicates(["key_email", "key_phone"]).select(*customers.columns)
