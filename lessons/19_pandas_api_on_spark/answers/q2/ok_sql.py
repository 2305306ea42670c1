query = """SELECT neighbourhood_cleansed, count(each) AS count, avg(each) AS mean FROM {homes}
           GROUP BY 1 HAVING count(each) >= 30 ORDER BY mean DESC"""
areas = ps.sql(query, index_col="neighbourhood_cleansed", homes=homes)
