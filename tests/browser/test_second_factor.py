"""A second factor in a browser: turned on by its QR code's key, asked at the next login, and ended elsewhere."""

import pyotp

from tests.browser.steps import sign_up

MOBILE = "+989351112244"
PASSWORD = "a-long-and-rare-one"


def test_a_customer_turns_it_on_and_logs_in_with_it_once_for_each_code(browse, panel):
    phone = browse(size=(360, 780))
    page = phone.page
    sign_up(phone, panel, MOBILE)
    phone.open("/profile/password/")
    for field in page.locator("main input[type=password]").all():
        field.fill(PASSWORD)
    page.locator("main form button.button-primary").click()
    page.wait_for_url("**/security/**")

    phone.open("/security/second/")
    page.locator("main form button.button-primary").click()
    picture = page.locator(".factor-picture")
    picture.wait_for()
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    authenticator = pyotp.TOTP(page.locator(".steps bdi").inner_text())
    page.locator("[name=code]").fill(authenticator.now())
    page.locator("main form button.button-primary").click()
    page.locator(".recovery-codes li").first.wait_for()
    codes = page.locator(".recovery-codes li").all_inner_texts()
    assert len(set(codes)) == 10

    desk = browse()
    desk.open("/login/?by=password")
    desk.page.locator("[name=username]").fill(MOBILE)
    desk.page.locator("[name=password]").fill(PASSWORD)
    desk.page.locator("[name=password]").press("Enter")
    desk.page.wait_for_url("**/login/second/")
    assert desk.open("/orders/").url.startswith(f"{panel.url}/login/")
    desk.open("/login/second/")
    desk.page.locator("[name=code]").fill(codes[0])
    desk.page.locator("main form button.button-primary").click()
    desk.page.wait_for_url(f"{panel.url}/")

    desk.open("/security/")
    desk.page.locator("#end-others button").click()
    desk.page.locator("#confirm button[value=yes]").click()
    desk.page.locator("[role=status]").first.wait_for()
    assert phone.open("/orders/").url.startswith(f"{panel.url}/login/")
