import pathlib

people_path = f"{work}/people"
pathlib.Path(people_path).mkdir(exist_ok=True)
