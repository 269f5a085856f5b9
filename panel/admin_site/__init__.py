"""What the admin pages of all applications share. Nothing here imports an application above panel.accounts."""
