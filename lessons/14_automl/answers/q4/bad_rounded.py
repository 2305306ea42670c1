gain, left_over = round(my_auc - their_auc, 3), round(true_auc - my_auc, 3)
gain_low, gain_high = np.percentile(drawn, [2.5, 97.5])
better = bool(gain_low > 0)
