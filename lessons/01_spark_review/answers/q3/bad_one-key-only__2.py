people = keyed.dropDuplicates(["key_email"]).select(*customers.columns)
