gain, left_over = my_auc - their_auc, 1 - my_auc
gain_low, gain_high = np.percentile(drawn, [2.5, 97.5])
better = bool(gain_low > 0)
