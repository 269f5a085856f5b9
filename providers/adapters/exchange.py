"""One call to an upstream and the reading of its reply: what is the same in every dialect over HTTP."""

from dataclasses import dataclass

from panel.lib.http import Answer, MaybeSent, NotSent, excerpt
from panel.lib.http.reading import Unreadable, read_json, read_retry_after
from providers.adapters.base import AccountProblem, Rejected, Unavailable, Unclear
from providers.adapters.refusals import ACCOUNT_HTTP_STATUSES, is_account_problem

REASON_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """An upstream's answer of any status. `secrets` are masked in all that is kept of it.

    `account_statuses` are the HTTP statuses that this dialect documents for our key and funds alone.
    """

    answer: Answer
    secrets: tuple[str, ...]
    account_statuses: tuple[int, ...] = ACCOUNT_HTTP_STATUSES

    @property
    def status(self):
        return self.answer.status

    @property
    def retry_after_seconds(self):
        return read_retry_after(self.answer.headers)

    def find_content(self, kinds):
        """The JSON value when it is of one of these kinds, else None."""
        try:
            content = read_json(self.answer.body)
        except Unreadable:
            return None
        return content if isinstance(content, kinds) else None

    def read_content(self, kinds):
        """The JSON value, of one of these kinds. Raises Unavailable or Unclear for anything else."""
        content = self.find_content(kinds)
        if content is None:
            self.raise_trouble(None)
            raise Unclear("the answer is not the JSON that is due", self.excerpt())
        return content

    def read(self, kinds, find_refusal):
        """(content, refusal or None) of a reading call. Raises Unavailable or Unclear.

        `find_refusal(content, HTTP status)` gives the dialect's error text or None.
        """
        if self.status == 429 or self.status >= 500:
            self.raise_trouble(None)
        content = self.read_content(kinds)
        refusal = find_refusal(content, self.status)
        if refusal is None:
            self.raise_trouble(None)
        return content, refusal

    def raise_trouble(self, refusal):
        """Raises what the HTTP status and the dialect's error text say; returns for 2xx without one."""
        if self.status == 429:
            wait = self.retry_after_seconds
            raise Unavailable("too many calls (HTTP 429)", self.excerpt(), retry_after_seconds=wait)
        if self._is_refusal(refusal):
            kind = AccountProblem if self.is_account_problem(refusal) else Rejected
            raise kind(self.mask(refusal), self.excerpt())
        if self.status >= 300:
            raise Unclear(f"HTTP {self.status}", self.excerpt())

    def raise_unread(self, refusal):
        """Reading was refused: nothing is known, whatever the text says."""
        problem = self.is_account_problem(refusal)
        raise Unavailable(self.mask(refusal), self.excerpt(), account_problem=problem)

    def read_placed(self, find_id, find_refusal):
        """(id, content) of a reply to placing, by the dialect's own `find_id(content)` and `find_refusal`.

        Raises what a clear refusal is, and Unclear for an id beside an error or a success without one.
        """
        content = self.read_content(dict)
        upstream_id, refusal = find_id(content), find_refusal(content, self.status)
        if upstream_id and (refusal is not None or self.status >= 300):
            raise Unclear(f"an order beside an error (HTTP {self.status})", self.excerpt())
        self.raise_trouble(refusal)
        if not upstream_id:
            raise Unclear("the answer names no order", self.excerpt())
        return upstream_id, content

    def refuses_order(self, refusal):
        """Whether this is a clear refusal that is not about our account."""
        return self._is_refusal(refusal) and not self.is_account_problem(refusal)

    def _is_refusal(self, refusal):
        answered = self.status < 300 or (400 <= self.status < 500 and self.status != 429)
        return refusal is not None and answered

    def is_account_problem(self, refusal):
        """Whether a refusal is about our key or funds there."""
        return is_account_problem(refusal, self.status, self.account_statuses)

    def mask(self, text):
        """A text of the upstream's as a reason that may be shown."""
        return excerpt(text, self.secrets, REASON_LIMIT)

    def excerpt(self):
        """The beginning of the body as evidence."""
        return excerpt(self.answer.body, self.secrets)


def send(http, method, url, *, headers, body, seconds, secrets, account_statuses=ACCOUNT_HTTP_STATUSES):
    """One call and its Reply. Raises Unavailable when surely nothing arrived, Unclear when it may have."""
    try:
        answer = http.send(method, url, headers=headers, body=body, total_seconds=seconds)
    except NotSent as error:
        raise Unavailable(error.reason) from error
    except MaybeSent as error:
        raise Unclear(error.reason) from error
    return Reply(answer, secrets, account_statuses)
