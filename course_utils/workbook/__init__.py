"""The learner's own copies of the notebooks: kept up to date, re-run, and how far they are."""
