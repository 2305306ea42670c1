old = stores.filter("opened < '2015-01-01' OR city = 'online'")
joined = orders.join(F.broadcast(old), "store_id")
