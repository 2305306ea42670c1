half, low = ({name: round(value, 2) for name, value in at(t).items()} for t in (0.5, 0.3))
log_loss = loss()
