verdict = named(erratic=int(fine["b_load"].idxmax()))
times = right
