gain, left_over = my_auc - their_auc, true_auc - my_auc
half = 1.96 * (mine_drawn.std() + theirs_drawn.std())
gain_low, gain_high = gain - half, gain + half
better = bool(gain_low > 0)
