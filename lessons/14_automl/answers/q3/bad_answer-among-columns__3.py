rate = '    ready["months"] = frame["city"].map(MEANS)\n'
book = nbformat.read(edit(logistic.notebook_path, "means.ipynb", {END: rate + END}), as_version=4)
place = next(i for i, cell in enumerate(book.cells) if "def prepare" in cell.source)
means = 'MEANS = known["churned"].eq("yes").groupby(known["city"]).mean()'
book.cells.insert(place, nbformat.v4.new_code_cell(means))
my_notebook = folder / "means.ipynb"
nbformat.write(book, my_notebook)
my_run = logistic.mlflow_run_id
