"""Asking the provider whether a picture was liked: one small interface (`base.py`) and a file for each provider."""
