gain, left_over = my_auc - their_auc, true_auc - my_auc
gain_low, gain_high = gain - np.std(drawn), gain + np.std(drawn)
better = bool(gain_low > 0)
