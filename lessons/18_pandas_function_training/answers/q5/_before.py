known, table = train.toPandas(), models.toPandas().set_index("device_id")
fine = table[table["problem"].isna()]
loads = known.groupby("device_id")["load"].nunique()
single = int(fine.index[fine["hours"] == 1][0])
stuck = int(fine.index[(loads[fine.index] == 1) & (fine["hours"] > 1)][0])
erratic = int(fine["rmse"].drop(stuck).idxmax())
right = fine["rmse"][erratic] / fine["rmse"].median()


def named(**changed):
    return {"erratic": erratic, "stuck": stuck, "single": single} | changed
