areas = pandas_areas
