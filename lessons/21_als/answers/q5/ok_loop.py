def fold_in(stars):
    left, right = 0.05 * len(stars) * np.eye(4), np.zeros(4)
    for film, given in stars.items():
        left += np.outer(vector_of[film], vector_of[film])
        right += given * vector_of[film]
    return np.linalg.inv(left) @ right


my_films = ranked(fold_in, my_ratings)[:10]
