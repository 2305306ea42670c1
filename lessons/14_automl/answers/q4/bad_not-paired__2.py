gain, left_over = my_auc - their_auc, true_auc - my_auc
my_low, my_high = np.percentile(mine_drawn, [2.5, 97.5])
gain_low, gain_high = my_low - high, my_high - low
better = bool(gain_low > 0)
