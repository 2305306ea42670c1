models = good
failed = models.where("problem IS NOT NULL").count()
