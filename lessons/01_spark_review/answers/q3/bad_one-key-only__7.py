people = keyed.dropDuplicates(["key_email"]).dropDuplicates(["key_phone"])
people = people.select(*customers.columns)
