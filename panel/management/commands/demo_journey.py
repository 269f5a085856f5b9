"""`manage.py demo_journey ORDER=WORD …`: tell what becomes of orders while it happens."""

import argparse

from django.core.management.base import BaseCommand

from panel.demo.journey import LONGEST_SECONDS, name_orders, tell_journey


class Command(BaseCommand):
    help = "Tell the steps of orders as they happen, until every customer got the SMS about the end."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("orders", nargs="+", type=read_order, metavar="ORDER=WORD")
        parser.add_argument("--seconds", type=float, default=LONGEST_SECONDS, help="give up after so many")

    def handle(self, *, orders, seconds, **options):
        fates = dict(orders)
        for order in tell_journey(fates, self.say, seconds):
            self.say(f"           {name_orders(fates)[order]}  is still on its way")

    def say(self, line):
        self.stdout.write(line)
        self.stdout.flush()


def read_order(text):
    """`12=partial` as 12 and `partial`; the word is only told."""
    number, _, word = text.partition("=")
    if not (number.isascii() and number.isdigit()):
        raise argparse.ArgumentTypeError(f"{text} is not ORDER=WORD")
    return int(number), word
