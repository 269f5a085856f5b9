"""The client of the REST SMS gateway (contracts/sms-gateway-rest.txt): its 17 operations as typed methods."""

from sms.gateway.base import Credit
from sms.gateway.rest.account import Profile, Registration
from sms.gateway.rest.gateway import RestGateway
from sms.gateway.rest.phonebooks import Phonebook, PhonebookNumber
from sms.gateway.rest.reports import LatestMessage
from sms.gateway.rest.sending import Draft, Repetition, RepetitionUnit, SentMessage
from sms.gateway.rest.transport import RestTransport

__all__ = [
    "Credit",
    "Draft",
    "LatestMessage",
    "Phonebook",
    "PhonebookNumber",
    "Profile",
    "Registration",
    "Repetition",
    "RepetitionUnit",
    "RestGateway",
    "RestTransport",
    "SentMessage",
]
