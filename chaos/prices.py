"""What was agreed: the prices and the money of a run's shop. The judge reckons with these alone."""

FUNDS = 50_000_000  # toman, and likes, of each customer
PRICE = 2_000  # toman per 1,000
PART_PRICE = 250  # toman for a part of an SMS
LIKE_VALUE, LIKE_SHARE = 10, 5
BUNDLE, BUNDLE_PRICE, BUNDLE_COINS = "coins-100", 10_000, 100
SENDER = "30001234"
TWO_ROUTES = "two-routes"  # a service that goes to a second provider where the first doesn't take it
