"""Orders that are done in parts: drip-feed run by run, subscriptions post by post.

The parent was charged for all its units and is never sent; each part is an order of its own that costs nothing and
goes the way of all orders. A sweep looks at the plans that are due (`next_look_at`): it makes the next part, tells
the parent how far its parts are, and ends it when none is left. An event of a part makes its plan due.

Locks are taken from the parent down: parent, plan, parts. Whatever changes a part holds no parent.
"""
