"""What Noor's colleagues do in lab 10: they train, register, ask, agree, and go wrong once."""

from contextlib import suppress

import mlflow
import numpy as np
import sklearn
from pyspark.sql import functions as F
from sklearn.linear_model import LinearRegression
from sklearn.metrics import root_mean_squared_error
from sklearn.tree import DecisionTreeRegressor

from course_utils import set_experiment
from course_utils.registry import Approvals

REQUIREMENTS = [f"scikit-learn=={sklearn.__version__}"]
ONE = ["number_of_reviews"]


class Colleagues:
    """The runs of the team, really trained, in a new experiment, which is the current one then.

    Args:
        listings: the rows of the lab, a Spark frame with the six columns, `price` and `part`.
        folder: where the team's table will be; it is not there yet.
        fresh: (name) -> a name that nothing has yet.

    Attributes:
        experiment: the id of the team's experiment.
        table: the folder of its Delta table; version 0 has the listings of up to 200 dollars.
        rows: version -> {"fit": …, "validation": …}, pandas frames with `log_price` besides.
        models: the ids of the runs whose models become the versions 1 to 4.
        past: day -> the requests so far: (version, who asks, why, who decides, the answer).
    """

    def __init__(self, listings, folder, fresh):
        self._fresh, self._client = fresh, mlflow.MlflowClient()
        self.table = folder
        self.rows = self._two_versions(listings)
        self.experiment = set_experiment(fresh("10_mlflow_team"))
        self.models = self._train([name for name in listings.columns if name not in _NO_FEATURES])
        self.past = self._three_days()

    def model(self, day):
        """A fresh registered model as it is on a day of `past`; its name."""
        name = self._client.create_registered_model(self._fresh("10_team_price")).name
        for run_id in self.models:
            run = self._client.get_run(run_id)
            source = mlflow.models.get_model_info(f"runs:/{run_id}/model").model_uri
            self._client.create_model_version(
                name,
                source,
                run_id,
                tags={"label": run.data.params["label"]},
                description=f"The model of the run {run.info.run_name}",
            )
        approvals = Approvals()
        for version, asks, why, decides, answer in self.past[day]:
            request = approvals.request(name, version, by=asks, comment=why)
            if answer.startswith("no"):
                approvals.reject(request.id, by=decides, comment=answer)
            elif decides:
                approvals.approve(request.id, by=decides, comment=answer)
        return name

    def _two_versions(self, listings):
        table = listings.filter("price <= 200").write.format("delta")
        table.save(self.table)
        rest = listings.filter("price > 200").write.format("delta")
        rest.mode("append").save(self.table)
        versions = {}
        for version in (0, 1):
            reader = listings.sparkSession.read.format("delta").option("versionAsOf", version)
            rows = reader.load(self.table).withColumn("log_price", F.log("price")).toPandas()
            versions[version] = {part: rows[rows["part"] == part] for part in ("fit", "validation")}
        return versions

    def _train(self, six):
        """The runs in their order; the ids of those that are registered."""
        mlflow.end_run()  # an answer may have left its run open
        up_to_200 = self._run("tom: six columns", 0, six)
        self._run("tom: logarithm", 0, six, "log_price")
        only_reviews = self._run("mira: number of reviews", 1, ONE)
        self._run("mira: tree", 1, six, tree=DecisionTreeRegressor(random_state=10))
        self._run("mira: two columns, logarithm", 1, six[:2], "log_price")
        six_columns = self._run("noor: six columns", 1, six)
        self._run("noor: logarithm", 1, six, "log_price")
        logarithms = self._run("jonas: number of reviews", 1, ONE, "log_price", "log dollars")
        self._run("jonas: logarithm", 1, six, "log_price", "log dollars")
        with suppress(MemoryError):
            self._run("tom: in pieces", 1, six, dies=True)
        self._run("noor: four columns", 1, six[:4])
        return only_reviews, six_columns, logarithms, up_to_200

    def _run(self, name, version, columns, label="price", unit="dollars", tree=None, dies=False):
        known, unseen = self.rows[version].values()
        if dies:  # when it has been judged by the cheapest tenth of the rows
            unseen = unseen.nsmallest(len(unseen) // 10, "price")
        model = (tree or LinearRegression()).fit(known[columns], known[label])
        with mlflow.start_run(experiment_id=self.experiment, run_name=name) as run:
            mlflow.log_params({"data_path": self.table, "data_version": version, "unit": unit})
            mlflow.log_params({"label": label, "columns": len(columns)})
            for metric, rows in (("training_rmse", known), ("validation_rmse", unseen)):
                mlflow.log_metric(metric, _error(model, rows, columns, label, unit))
            if dies:
                raise MemoryError
            if tree is None:  # MLflow would have to be told that a tree can be trusted
                example = known[columns].head(3)
                mlflow.sklearn.log_model(
                    model, name="model", input_example=example, pip_requirements=REQUIREMENTS
                )
        return run.info.run_id

    def _three_days(self):
        _, two, three, four = (
            f"{self._client.get_run(run_id).data.metrics['validation_rmse']:.2f}"
            for run_id in self.models
        )
        thursday = [(1, "mira", "the first one, better than a guess", "tom", "agreed, for a start")]
        friday = [*thursday, (2, "noor", "six columns instead of one", "mira", "agreed")]
        monday = [
            *friday,
            (4, "tom", f"an error of {four}", "noor", "no, it has seen no large house"),
            (3, "jonas", f"an error of {three} instead of {two}", "tom", "impressive, agreed"),
            (1, "mira", "prices look odd, back to the start?", "", ""),
        ]
        return {"Thursday": thursday, "Friday": friday, "Monday": monday}


_NO_FEATURES = ("price", "part")


def _error(model, rows, columns, label, unit):
    """The RMSE of a model in dollars, or in logarithms of dollars."""
    predicted = model.predict(rows[columns])
    if unit == "dollars" and label == "log_price":
        label, predicted = "price", np.exp(predicted)
    return root_mean_squared_error(rows[label], predicted)
