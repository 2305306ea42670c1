gain, left_over = my_auc - their_auc, true_auc - my_auc
gain_low, gain_high = np.percentile(drawn, [2.5, 97.5])
better = bool(gain_low > 0)
probability = mine  # what question 2 asked for was judged there
