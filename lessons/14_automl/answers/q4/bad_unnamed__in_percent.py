gain, left_over = 100 * (my_auc - their_auc), true_auc - my_auc
gain_low, gain_high = np.percentile(100 * drawn, [2.5, 97.5])
better = bool(gain_low > 0)
