people = keyed.dropDuplicates(["key_email", "key_born"]).select(*customers.columns)
