probability = 100 * mine
gain, left_over = my_auc - roc_auc_score(left, probability), true_auc - my_auc
gain_low, gain_high = np.percentile(mine_drawn - mine_drawn, [2.5, 97.5])
better = bool(gain_low > 0)
