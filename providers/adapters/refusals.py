"""Telling a refusal of one order from trouble with our account at the upstream.

An order refused for an invalid key or empty funds is not at fault and must not be refunded for it. Panels
write these in their own words and leak untranslated keys (`neworder.error.not_enough_funds`), so words are
compared.
"""

import re

ACCOUNT_PHRASES = re.compile(
    r"""
      \b(invalid|incorrect|wrong|bad|expired|inactive|disabled|blocked)\s(api\s?)?(key|token)\b
    | \b(missing|unknown|no)\sapi\s?(key|token)\b
    | \bapi\s?(key|token)\s(is\s|was\s|has\s)?(not\s(found|valid|active|correct)|invalid|incorrect|wrong
        |expired|missing|required|disabled|blocked|inactive|empty|been\s(disabled|blocked|revoked))\b
    | ^(unauthori[sz]ed|unauthenticated|authentication\s(failed|required|error)|access\sdenied)$
    | \b(your|user|reseller)\saccount\s(is\s|was\s|has\sbeen\s)(not\sactive|suspended|blocked|disabled|banned
        |inactive|frozen)\b
    | \b(not\senough|insufficient|not\ssufficient|no|low|lack\sof|out\sof)\s
        (\w+\s){0,2}?(fund|funds|balance|credit|credits|money)\b
    | \b(fund|funds|balance|credit|credits)\s(is\s|are\s)?(too\s|very\s)?
        (low|insufficient|not\senough|not\ssufficient|empty|exhausted)\b
    | \b(top\sup|recharge|refill)\s(your\s)?(account|balance|wallet)\b
    | (موجودی|اعتبار)\s(\w+\s){0,6}?(کافی|ناکافی|کم)
    | (کمبود|عدم)\sموجودی
    | \bموجودی\s(\w+\s){0,3}?(ندارید|نداشتید)
    | (کلید|توکن)\s(\w+\s){0,2}?(نامعتبر|معتبر\sنیست|اشتباه|غیر\s?مجاز|منقضی)
    | اطلاعات\s(\w+\s){0,2}?(احراز\sهویت|اعتبار\s?سنجی)
    | \bauthentication\scredentials\b
    """,
    re.VERBOSE,
)
NO_REASON = "refused without a reason"
ACCOUNT_HTTP_STATUSES = (401, 402)  # "who are you" and "pay first" can't be about an order


def is_account_problem(text, http_status=200, account_statuses=ACCOUNT_HTTP_STATUSES):
    """Whether an upstream's error is about our key or funds there: by its HTTP status, else by its words."""
    if http_status in account_statuses:
        return True
    words = re.sub(r"[\W_]+", " ", text.casefold()).strip()
    return ACCOUNT_PHRASES.search(words) is not None


def read_refusal(answer):
    """The text of a dialect's `{"error": …}`, or None when the object refuses nothing.

    null, false, 0 and empty containers are no error. An empty text is one only when it stands alone: some
    panels always send the key.
    """
    if "error" not in answer:
        return None
    error = answer["error"]
    if isinstance(error, str):
        return error.strip() or (NO_REASON if len(answer) == 1 else None)
    if not error:
        return None
    if isinstance(error, dict):
        error = error.get("message") or error
    if error in (True, 1):
        error = answer.get("message") or NO_REASON
    return str(error)
