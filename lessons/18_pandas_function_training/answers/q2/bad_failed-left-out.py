models = good.where("problem IS NULL")
failed = failed_of(due)
