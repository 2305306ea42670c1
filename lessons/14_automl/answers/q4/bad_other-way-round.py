gain, left_over = their_auc - my_auc, true_auc - my_auc
gain_low, gain_high = np.percentile(drawn, [2.5, 97.5])
better = bool(gain_low > 0)
