q1_table = given
made = logged(params(data_path=None, label=None))
run_0 = made.info.run_id
client.set_tag(run_0, "data_path", q1_table)
client.set_tag(run_0, "label", LABEL)
