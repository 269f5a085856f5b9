"""Catalogue sync: an upstream's list of services, what we import of it, and how it is kept true."""
