def seconds(trial):
    return (trial["refresh_time"] - trial["book_time"]).total_seconds()


best_params = ready(values_of(min(trials.trials, key=seconds)))
grid_fits, grid_loss, gain = len(right_losses), right_loss, right_loss - lowest
