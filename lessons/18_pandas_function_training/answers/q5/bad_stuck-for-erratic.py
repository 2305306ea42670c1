second = fine["rmse"].nlargest(2).index[-1]
verdict = named(erratic=int(second))
times = right
