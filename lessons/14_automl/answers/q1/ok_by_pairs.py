counts = test["churned"].value_counts()
answer = known["churned"].value_counts().idxmax()
baseline_accuracy = float(counts[answer] / counts.sum())
pairs = counts["yes"] * counts["no"]
baseline_auc = 0.5 * pairs / pairs  # each pair is a tie and counts half
