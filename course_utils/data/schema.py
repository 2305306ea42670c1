"""The columns of a cleaned listing file: names, order and types, as the lessons rely on them.

Plain constants, so that asking for data does not import what generates them.
"""

TEXT = (
    "host_is_superhost",
    "cancellation_policy",
    "instant_bookable",
    "neighbourhood_cleansed",
    "property_type",
    "room_type",
    "bed_type",
)
REVIEW_SCORES = (
    "review_scores_rating",
    "review_scores_accuracy",
    "review_scores_cleanliness",
    "review_scores_checkin",
    "review_scores_communication",
    "review_scores_location",
    "review_scores_value",
)
# Missing values of these are filled with the column's median, and a column `<name>_na` keeps
# 1.0 where that happened and 0.0 elsewhere.
IMPUTED = ("bedrooms", "bathrooms", "beds", *REVIEW_SCORES)

BEFORE_FLAGS = (
    "host_is_superhost",
    "cancellation_policy",
    "instant_bookable",
    "host_total_listings_count",
    "neighbourhood_cleansed",
    "latitude",
    "longitude",
    "property_type",
    "room_type",
    "accommodates",
    "bathrooms",
    "bedrooms",
    "beds",
    "bed_type",
    "minimum_nights",
    "number_of_reviews",
    *REVIEW_SCORES,
    "price",
)
COLUMNS = (*BEFORE_FLAGS, *(f"{name}_na" for name in IMPUTED))
NUMERIC = tuple(name for name in COLUMNS if name not in TEXT)
LABEL = "price"

# Generated listings come in blocks; small scale is this many.
BLOCK_ROWS = 1_000
SMALL_BLOCKS = 7
