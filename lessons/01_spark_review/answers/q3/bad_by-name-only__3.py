people = customers.dropDuplicates(["given_name", "family_name"])
