verdict = named(erratic=int(fine["hours"].idxmax()))
times = right
