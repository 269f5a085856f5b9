"""A small real HTTP server that plays upstream providers and SMS gateways.

It needs only the standard library and knows nothing of the panel, so anyone who writes against one
of the contracts can run it alone: `python -m providers.sandbox --port 8899`.

| path | what it plays | file |
|---|---|---|
| `/standard/api/v2` | the field's standard reseller API | `standard.py` |
| `/gray_city/api/...` | a gray-city panel | `gray_city.py` |
| `/happy_follower/api/v1/...` | a happy-follower panel | `happy_follower.py`, `tokens.py` |
| `/panel_app/api/v1/...` | another copy of a panel, by its app API | `panel_app.py` |
| `/sms/api/v1/rest/...` | an SMS gateway of 17 operations | `sms_gateway.py` names the files |
| `/kavenegar/v1/{key}/...` | another SMS gateway, Kavenegar | `kavenegar.py`, `kavenegar_input.py` |
| `/bank/pg/...` | a bank: Zarinpal's gateway and its page for customers | `bank.py`, `bank_page.py` |
| `/instagram/v1/...`, `/instagram/pictures/...` | Instagram's API v1, as far as likes go | `instagram.py` |
| `/instagram/oauth/...` | Instagram's login and its page for people | `instagram_login.py`, `instagram_page.py` |
| `/bazaar/devapi/v2/api/...` | an app store: Cafe Bazaar's check of purchases | `bazaar.py` |
| `/posts` | a source of users' posts | `posts.py` |
| `/control/...` | inspection and settings, for tests | `control.py` and `control_….py` |
| `/` | the newest orders and messages, for people | `page.py` |

What happens to an order is written in its link (`fates.py`), whatever the dialect; what happens to a message
in the last digits of its recipient or in its text (`sms_magic.py`). A new dialect is one file and its lines in
`routes.py`; `placing.py` plays the fates for it.
"""
