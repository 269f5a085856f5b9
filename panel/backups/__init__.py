"""Base backups, an archive of the write-ahead log beside them, and restoring both to a moment.

Standard library only: it works where the database, and with it the panel, is lost. In Python and not in shell,
because a restore that is never rehearsed is none: the rehearsal and its test call the same functions.
"""

from panel.backups.programs import BackupError, Server
from panel.backups.restoring import Restored, restore
from panel.backups.taking import forget_old, receive_wal, take_base

__all__ = ["BackupError", "Restored", "Server", "forget_old", "receive_wal", "restore", "take_base"]
