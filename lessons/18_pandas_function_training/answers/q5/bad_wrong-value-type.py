verdict = named(erratic=[erratic])
times = right
