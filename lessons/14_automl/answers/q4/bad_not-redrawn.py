gain, left_over = my_auc - their_auc, true_auc - my_auc
gain_low = gain_high = gain
better = bool(gain_low > 0)
