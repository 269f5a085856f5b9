"""Proving that sends are what their transfers say, both ways; see panel/wallet/audit.py."""

from panel.wallet.audit import Check
from panel.wallet.house import house_id
from panel.wallet.models import Account

SALES = house_id(Account.Kind.SALES)

CHARGES = Check(
    "charges of SMS",
    f"""
    SELECT CASE
        WHEN send.id IS NULL THEN format('transfer %%s (%%s): no send stands behind it', moved.id, moved.key)
        WHEN moved.id IS NULL THEN format('send %%s: charge %%s without a transfer', send.id, send.charge)
        ELSE format('send %%s: charge %%s of customer %%s, its transfer takes %%s from %%s', send.id, send.charge,
            send.customer_id, moved.amount, coalesce(moved.owner_id::text, 'a house account'))
    END
    FROM (SELECT id, customer_id, charge FROM sms_send WHERE charge > 0) send
    FULL JOIN (
        SELECT transfer.id, key, amount, transfer.kind, owner_id, credit_id
        FROM wallet_transfer transfer LEFT JOIN wallet_account account ON account.id = debit_id
        WHERE transfer.kind = 'sms' OR key ~ '^sms:[0-9]+:charge$'
    ) moved ON moved.key = 'sms:' || send.id || ':charge'
    WHERE send.id IS NULL OR moved.id IS NULL
        OR (send.charge, send.customer_id, 'sms', {SALES})
            IS DISTINCT FROM (moved.amount, moved.owner_id, moved.kind::text, moved.credit_id)
    """,  # noqa: S608 - a constant
)
REFUNDS = Check(
    "refunds of SMS",
    f"""
    SELECT format('send %%s: refunded %%s, its transfers give back %%s, its failed messages cost %%s', id,
        coalesce(send.refunded, 0), coalesce(moved.sum, 0), coalesce(failed.sum, 0))
    FROM sms_send send
    FULL JOIN (
        SELECT split_part(key, ':', 2)::bigint AS id, sum(amount),
            bool_and(transfer.kind = 'sms_refund' AND debit_id = {SALES}) AS fits,
            min(owner_id) AS first_owner, max(owner_id) AS last_owner
        FROM wallet_transfer transfer LEFT JOIN wallet_account account ON account.id = credit_id
        WHERE key ~ '^sms:[0-9]{{1,18}}:refund:'
        GROUP BY 1
    ) moved USING (id)
    LEFT JOIN (
        SELECT send.id, sum(send.part_price * send.parts) FROM sms_message message
        JOIN sms_send send ON send.id = send_id WHERE message.state = 'failed' GROUP BY send.id
    ) failed USING (id)
    WHERE send.customer_id IS NULL OR send.refunded <> coalesce(moved.sum, 0)
        OR send.refunded <> coalesce(failed.sum, 0) OR NOT coalesce(fits, TRUE)
        OR (moved.sum IS NOT NULL AND (send.customer_id, send.customer_id) IS DISTINCT FROM (first_owner, last_owner))
    """,  # noqa: S608 - a constant
)
RECIPIENTS = Check(
    "recipients of SMS",
    """
    SELECT format('send %%s: %%s recipients at %%s toman for %%s parts cost %%s, charged %%s', id, recipients,
        part_price, parts, part_price::bigint * parts * recipients, charge)
    FROM sms_send LEFT JOIN (
        SELECT send_id, count(*) FROM sms_message WHERE send_id IS NOT NULL GROUP BY send_id
    ) made ON made.send_id = sms_send.id
    WHERE recipients <> coalesce(made.count, 0) OR charge <> part_price::bigint * parts * recipients
    """,
)
KEYS = Check(
    "keys of SMS transfers",
    """
    SELECT format('transfer %%s (%%s): a %%s of no send', id, key, kind) FROM wallet_transfer
    WHERE kind = 'sms_refund' AND key !~ '^sms:[0-9]{1,18}:refund:[0-9]{1,18}$'
    """,
)
SMS_CHECKS = (CHARGES, REFUNDS, RECIPIENTS, KEYS)
