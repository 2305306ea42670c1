half, low = ({name: 100 * value for name, value in at(t).items()} for t in (0.5, 0.3))
log_loss = loss()
