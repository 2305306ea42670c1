joined = orders.join(F.broadcast(stores), orders.store_id == stores.store_id)
