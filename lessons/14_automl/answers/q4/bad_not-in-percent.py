gain, left_over = my_auc - their_auc, true_auc - my_auc
gain_low, gain_high = np.percentile(drawn, [0.025, 0.975])
better = bool(gain_low > 0)
