"""Marks of accounts: what sets them, what reads them, and those of the transfers that are there already.

Both functions go by indexes whatever the planner knows: a plan made for an empty table would be kept for a full one.
"""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
-- What the account gained and spent in its transfers up to and including the one named.
CREATE FUNCTION wallet_totals(account bigint, upto bigint, OUT gained bigint, OUT spent bigint)
LANGUAGE sql STABLE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
    SELECT coalesce(mark.gained, 0) + coalesce((SELECT sum(amount)::bigint FROM wallet_transfer
            WHERE credit_id = account AND credit_id >= 1000 AND id > coalesce(mark.transfer_id, 0) AND id <= upto), 0),
        coalesce(mark.spent, 0) + coalesce((SELECT sum(amount)::bigint FROM wallet_transfer
            WHERE debit_id = account AND debit_id >= 1000 AND id > coalesce(mark.transfer_id, 0) AND id <= upto), 0)
    FROM (VALUES (1)) one LEFT JOIN LATERAL (
        SELECT m.* FROM wallet_accountmark m WHERE m.account_id = account AND m.transfer_id <= upto
        ORDER BY m.transfer_id DESC LIMIT 1
    ) mark ON true
$$;

-- The account's last transfer before the moment, 0 for none. Ids and moments run in the same order but for
-- transactions that overlap: those are short, so marks 10 minutes off are safely on their side.
CREATE FUNCTION wallet_last_before(account bigint, moment timestamptz) RETURNS bigint
LANGUAGE sql STABLE STRICT SET enable_seqscan = off SET enable_bitmapscan = off AS $$
    WITH near AS MATERIALIZED (
        SELECT coalesce((SELECT transfer_id FROM wallet_accountmark
                WHERE account_id = account AND created < moment - interval '10 minutes'
                ORDER BY created DESC, transfer_id DESC LIMIT 1), 0) AS low,
            coalesce((SELECT transfer_id FROM wallet_accountmark
                WHERE account_id = account AND created > moment + interval '10 minutes'
                ORDER BY created, transfer_id LIMIT 1), 9223372036854775807) AS high
    )
    SELECT greatest(low,
        (SELECT id FROM wallet_transfer WHERE credit_id = account AND credit_id >= 1000
            AND id > low AND id <= high AND created < moment ORDER BY id DESC LIMIT 1),
        (SELECT id FROM wallet_transfer WHERE debit_id = account AND debit_id >= 1000
            AND id > low AND id <= high AND created < moment ORDER BY id DESC LIMIT 1))
    FROM near
$$;

-- Whoever moves money has locked the account, so all its transfers with lower ids are there.
CREATE FUNCTION wallet_mark_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO wallet_accountmark (account_id, transfer_id, gained, spent, created)
    SELECT side.id, NEW.id, totals.gained, totals.spent, NEW.created
    FROM wallet_account side, wallet_totals(side.id, NEW.id) totals
    WHERE side.id IN (NEW.debit_id, NEW.credit_id) AND side.id >= 1000;
    RETURN NULL;
END $$;
CREATE TRIGGER wallet_transfer_marks AFTER INSERT ON wallet_transfer
    FOR EACH ROW WHEN (NEW.id % 61 = 0) EXECUTE FUNCTION wallet_mark_accounts();

INSERT INTO wallet_accountmark (account_id, transfer_id, gained, spent, created)
SELECT account, id, gained, spent, created FROM (
    SELECT account, id, created, sum(plus) OVER upto AS gained, sum(minus) OVER upto AS spent FROM (
        SELECT credit_id AS account, id, created, amount AS plus, 0 AS minus FROM wallet_transfer
            WHERE credit_id >= 1000
        UNION ALL SELECT debit_id, id, created, 0, amount FROM wallet_transfer WHERE debit_id >= 1000
    ) moved WINDOW upto AS (PARTITION BY account ORDER BY id)
) summed WHERE id % 61 = 0 AND EXISTS (SELECT FROM wallet_account WHERE wallet_account.id = account);
"""
BACKWARD = """
DROP TRIGGER wallet_transfer_marks ON wallet_transfer;
DROP FUNCTION wallet_mark_accounts();
DROP FUNCTION wallet_last_before(bigint, timestamptz);
DROP FUNCTION wallet_totals(bigint, bigint);
"""


class Migration(migrations.Migration):

    dependencies = [
        ("wallet", "0005_like_exchange"),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('transfer_id', models.BigIntegerField()),
                ('gained', models.BigIntegerField()),
                ('spent', models.BigIntegerField()),
                ('created', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'mark of an account',
                'verbose_name_plural': 'marks of accounts',
            },
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(condition=models.Q(('debit_id__gte', 1000), models.Q(('kind', 'charge'), _negated=True)), fields=['debit', 'kind', '-id'], name='transfer_debit_kind'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(condition=models.Q(('credit_id__gte', 1000), models.Q(('kind', 'like'), _negated=True)), fields=['credit', 'kind', '-id'], name='transfer_credit_kind'),
        ),
        migrations.AddField(
            model_name='accountmark',
            name='account',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='wallet.account'),
        ),
        migrations.AddIndex(
            model_name='accountmark',
            index=models.Index(fields=['account', 'created', 'transfer_id'], name='account_mark_created'),
        ),
        migrations.AddConstraint(
            model_name='accountmark',
            constraint=models.UniqueConstraint(fields=('account', 'transfer_id'), name='account_mark_once'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
