"""Who of the staff may do what, what they did, and acting as a customer."""
