people = customers
