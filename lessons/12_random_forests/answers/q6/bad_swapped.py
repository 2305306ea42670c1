half, low = (
    {"precision": m["recall"], "recall": m["precision"], "f1": m["f1"]} for m in (at(0.5), at(0.3))
)
log_loss = loss()
