"""How long the rows of every model are kept, and what decides it. A test fails for a model that is not here."""

FOR_EVER = "for ever: the book, and who did what"
UNTIL_ERASED = "until their customer is erased"
WHILE_WANTED = "until staff delete it"
LATEST = "only the latest, renewed by beat"

KEPT = {
    FOR_EVER: """wallet.Account wallet.Transfer wallet.Payment wallet.CouponUse wallet.AccountMark wallet.HouseDay
    wallet.LedgerAudit wallet.MoneyDay wallet.WalletEvent orders.Order orders.OrderEvent orders.OrderRefund
    orders.OrderDay orders.CustomerDay orders.CustomerTotal orders.ServiceDay orders.ServiceTotal orders.ServiceEvent
    orders.CatalogueChange orders.DripFeed orders.Subscription orders.SubscriptionPost orders.Refill
    providers.Dispatch providers.ProviderDay providers.ProviderEvent providers.PriceRun providers.PriceRunRow
    providers.PriceProposal
    sms.Send sms.Message staff.StaffAction staff.Acting rewards.FreeCredit rewards.GiftGrant rewards.Referral
    rewards.ReferralReward rewards.RewardDay campaigns.Campaign campaigns.Like campaigns.Report
    campaigns.BundlePurchase campaigns.ProductCode personal.Erasure admin.LogEntry""",
    UNTIL_ERASED: """accounts.Customer accounts.SecondFactor accounts.RecoveryCode accounts.NewsChoice
    accounts.SocialIdentity staff.CustomerNote support.Notification support.Ticket support.TicketMessage
    support.TicketNote support.PutAway rewards.ReferralCode orders.FavouriteService orders.WebhookEndpoint
    sms.SmsAccount sms.Phonebook sms.PhonebookNumber sms.PhonebookImport sms.Pattern campaigns.Pace""",
    WHILE_WANTED: """auth.Permission auth.Group contenttypes.ContentType django_celery_beat.SolarSchedule
    django_celery_beat.IntervalSchedule django_celery_beat.ClockedSchedule django_celery_beat.CrontabSchedule
    django_celery_beat.PeriodicTasks django_celery_beat.PeriodicTask wallet.Coupon wallet.BonusStep
    support.Announcement support.SiteText support.CannedAnswer rewards.RewardRules rewards.Gift rewards.PriceLevel
    orders.BlockedTerm orders.Category orders.Service orders.CatalogueVersion providers.ImportRule
    providers.UpstreamListing providers.ProviderSync providers.SyncedService providers.Provider providers.Route
    sms.Package sms.Gateway sms.SenderLine sms.Template campaigns.Bundle campaigns.CampaignClass campaigns.Cover
    campaigns.Product""",
    LATEST: "orders.ServiceSpeed providers.RouteHealth orders.LinkHold",
}
# Rows that go by age: which of beat's tasks deletes them.
DELETED_BY = {
    "accounts.BrowserSession": "panel.accounts.tasks.purge_accesses",
    "accounts.LoginTry": "panel.accounts.tasks.purge_accesses",
    "accounts.LoginCode": "panel.accounts.tasks.purge_accesses",
    "accounts.ApiToken": "panel.accounts.tasks.purge_accesses",
    "jobs.Job": "panel.jobs.tasks.purge_jobs",
    "jobs.FilePart": "panel.jobs.tasks.purge_jobs",
    "orders.IdempotencyKey": "orders.tasks.purge_idempotency_keys",
    "orders.TrialOrder": "orders.tasks.purge_trials",
    "orders.WebhookDelivery": "orders.tasks.tidy_webhooks",
    "orders.CatalogueAnnouncement": "orders.tasks.tidy_webhooks",
    "sms.SendKey": "sms.tasks.purge_keys",
    "campaigns.AddressDay": "campaigns.tasks.purge_addresses",
}
# Words that go by age from rows that stay.
WIPED_BY = {
    "providers.Dispatch": "providers.tasks.wipe_excerpts",
    "sms.Message": "sms.tasks.wipe_texts",
    "sms.PhonebookImport": "sms.tasks.wipe_texts",
}


def list_kept():
    """`{model's label: why it is kept}` of what never goes by age."""
    return {label: why for why, labels in KEPT.items() for label in labels.split()}
