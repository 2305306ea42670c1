def first(filter_string="", order="metrics.validation_rmse ASC", experiment=team):
    """The first run of a query."""
    return client.search_runs([experiment], filter_string, order_by=[order], max_results=1)[0]


FAIR = "attributes.status = 'FINISHED' and params.data_version = '1' and params.unit = 'dollars'"
