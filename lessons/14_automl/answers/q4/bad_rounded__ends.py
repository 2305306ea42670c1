gain, left_over = my_auc - their_auc, true_auc - my_auc
gain_low, gain_high = np.percentile(drawn, [2.5, 97.5]).round(3)
better = bool(gain_low > 0)
