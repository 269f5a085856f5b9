"""The models of SMS, by topic."""

from sms.models.accounts import Package, SmsAccount
from sms.models.books import Phonebook, PhonebookImport, PhonebookNumber
from sms.models.gateways import Gateway, SenderLine
from sms.models.messages import Message
from sms.models.patterns import Pattern
from sms.models.sends import Send, SendKey
from sms.models.templates import Template

__all__ = [
    "Gateway",
    "Message",
    "Package",
    "Pattern",
    "Phonebook",
    "PhonebookImport",
    "PhonebookNumber",
    "Send",
    "SendKey",
    "SenderLine",
    "SmsAccount",
    "Template",
]
