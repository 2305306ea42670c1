people_path = f"{work}/people"
people.repartition(8).write.mode("overwrite").csv(people_path, header=True)
