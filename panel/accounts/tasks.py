"""Beat's work on logins and tokens."""

from celery import shared_task

from panel.accounts.browser_sessions import purge_sessions
from panel.accounts.login_codes import purge_login_codes
from panel.accounts.logins import purge_login_tries
from panel.accounts.tokens import purge_issued_tokens
from panel.lib.single import single_run


@shared_task(name="panel.accounts.tasks.purge_accesses")
@single_run
def purge_accesses():
    """Forget login tries that no longer count, old asks for codes, ended sessions, and tokens of long ago."""
    purge_login_tries()
    purge_login_codes()
    purge_sessions()
    purge_issued_tokens()
