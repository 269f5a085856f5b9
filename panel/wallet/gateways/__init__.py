"""Banks that customers pay through: one small interface (`base.py`) and a file for each bank.

`opening.py` makes them from the settings. The other files know no settings, no models and no Django.
"""
