probability = mine
gain, left_over = my_auc - roc_auc_score(left, probability), true_auc - my_auc
gain_low, gain_high = np.percentile(drawn, [2.5, 97.5])
better = bool(gain_low > 0)
