"""What the engine refuses, in the code tables of the gateway's document (contracts/sms-gateway-rest.txt, «مقادیر»).

The same numbers are what gateways tell us and what we tell customers who resell SMS; pages show their words.
"""


class SmsRefused(Exception):
    """Nothing was done. `code` is a member of sms.gateway.codes; `detail` says what it was about, if that helps."""

    def __init__(self, code, detail=""):
        super().__init__(code.english)
        self.code = code
        self.detail = detail
