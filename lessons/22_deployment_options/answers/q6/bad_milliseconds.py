p50, p99, choice = (
    each(lambda waits: 1000 * half(waits)),
    each(lambda waits: 1000 * high(waits)),
    WAYS,
)
