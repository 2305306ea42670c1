from scipy.stats import gmean
from sklearn.metrics import mean_absolute_error, root_mean_squared_error

middle = train.agg(F.percentile_approx("price", 0.5)).first()[0]
guesses = {"log mean": gmean(known), "median": middle, "mean": sum(known) / len(known)}
guesses = {name: np.full(len(new), guess) for name, guess in guesses.items()}
rmse = {name: root_mean_squared_error(new, guess) for name, guess in guesses.items()}
mae = {name: mean_absolute_error(new, guess) for name, guess in guesses.items()}
