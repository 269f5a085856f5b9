"""Money rules that need no database: whole toman, rounded once."""

PER = 1_000  # prices are for so many units


def compute_charge(price, count, discount=0):
    """What `count` units cost, in whole toman, rounded up once.

    `price` is toman per 1,000 units, `discount` whole percent. Equal to what orders/placing_sql.py
    computes inside the placing statement: `ceil(price × count × (100 − discount) ÷ 100,000)`.
    """
    return -(-price * count * (100 - discount) // (PER * 100))


def compute_piece_charge(price, count, discount=0):
    """What `count` pieces (packages, ads) cost at `price` toman a piece, rounded up once."""
    return -(-price * count * (100 - discount) // 100)


def compute_partial_refund(charge, remains, quantity):
    """`floor(charge × remains ÷ quantity)` toman, `remains` clamped to 0…quantity."""
    if quantity <= 0:
        return 0
    return charge * min(max(remains, 0), quantity) // quantity


def discounted_rate(price, discount):
    """The price per 1,000 after `discount` percent, exact, as the decimal text of the standard API."""
    whole, hundredths = divmod(price * (100 - discount), 100)
    return f"{whole}.{hundredths:02d}"
