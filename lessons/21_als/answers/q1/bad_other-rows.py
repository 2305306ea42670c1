model = fitted(fit_rows)
