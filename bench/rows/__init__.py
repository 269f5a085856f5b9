"""The rows of the bench by name, in the order in which they are taken."""

from bench.rows.forwarding import measure_forwarding
from bench.rows.growth import measure_growth
from bench.rows.liking import measure_likes
from bench.rows.pages import measure_pages
from bench.rows.placing import measure_add, measure_bulk, measure_hot_wallet
from bench.rows.polling import measure_polling
from bench.rows.reading import measure_services, measure_status
from bench.rows.showing import measure_fairness, measure_next
from bench.rows.syncing import measure_syncing
from bench.rows.texting import measure_texting

ROWS = {
    "add": measure_add,
    "hot": measure_hot_wallet,
    "bulk": measure_bulk,
    "status": measure_status,
    "services": measure_services,
    "forward": measure_forwarding,
    "poll": measure_polling,
    "growth": measure_growth,
    "sync": measure_syncing,
    "sms": measure_texting,
    "next": measure_next,
    "likes": measure_likes,
    "fair": measure_fairness,
    "pages": measure_pages,
}
