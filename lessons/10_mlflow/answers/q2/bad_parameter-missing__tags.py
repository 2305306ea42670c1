write(wide)
old_rows = at(0)
made = logged(params(data_path=None, label=None))
run_1 = made.info.run_id
client.set_tag(run_1, "data_path", q1_table)
client.set_tag(run_1, "label", LABEL)
