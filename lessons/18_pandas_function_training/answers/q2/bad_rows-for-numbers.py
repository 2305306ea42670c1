models = good
failed = models.where("problem IS NOT NULL").select("device_id").collect()
