def lint(tree=None):
    return []
