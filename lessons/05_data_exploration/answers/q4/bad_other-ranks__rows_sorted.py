by_both = seen.sort_values(["accommodates", "price"])
numbers = by_both[["accommodates", "price"]].rank(method="first")
pearson, pearson_log = guests.corr(price), guests.corr(np.log(price))
spearman = numbers["accommodates"].corr(numbers["price"])
