"""The admin pages of what staff did, of notes on customers, of acting as one, and of roles."""

from panel.staff.admin import acting, actions, notes, roles

__all__ = ["acting", "actions", "notes", "roles"]
