trap_3 = "rows one by one"
query = """SELECT *, CASE WHEN price >= 300 THEN 'high' WHEN price >= 100 THEN 'middle'
           ELSE 'low' END AS band FROM {homes}"""
banded = ps.sql(query, index_col="listing_id", homes=homes.reset_index())
