gain, left_over = my_auc - their_auc, true_auc - my_auc
gain_low, gain_high = np.percentile(drawn, [97.5, 2.5])
better = bool(gain_high > 0)
