"""What higher layers may hear of; receivers run in the sender's transaction and only write rows."""

from django.dispatch import Signal

# `session` (BrowserSession) was just opened by `customer`; `first` says that it is the first login of all.
session_opened = Signal()
