"""One browser of one person: its window, and everything that a page may not do."""

from urllib.parse import urlsplit

SECONDS = 30  # that anything is waited for: machines may be busy
WIDE, NARROW = (1280, 900), (360, 780)


class Browsing:
    """A fresh browser (no cookies but language and theme) on the panel; `page` is its window."""

    def __init__(self, chromium, url, *, language="en", theme="light", size=WIDE, allowed=()):
        self.url = url
        self.theme = theme
        self.size = dict(zip(("width", "height"), size, strict=True))
        self.faults = []
        self._hosts = {urlsplit(address).netloc for address in (url, *allowed)}
        self.context = chromium.new_context(viewport=self.size, locale=language)
        self.context.set_default_timeout(SECONDS * 1000)
        cookies = {"language": language, "theme": theme}
        self.context.add_cookies([{"name": name, "value": cookies[name], "url": url} for name in cookies])
        self.page = self.context.new_page()
        self.page.on("console", self._read_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"error in a script: {error}"))
        self.page.on("request", self._read_request)
        self.page.on("response", self._read_response)

    def open(self, path):
        """Go to a path of the panel; returns the answer."""
        return self.page.goto(f"{self.url}{path}")

    def log_in(self, login, password):
        """By password, as a customer."""
        self.open("/login/?by=password")
        self.page.locator("[name=username]").fill(login)
        self.page.locator("[name=password]").fill(password)
        self.page.locator("[name=password]").press("Enter")
        self.page.wait_for_url(lambda address: "/login/" not in address)

    def log_in_staff(self, login, password):
        """To the admin."""
        self.open("/admin/login/?next=/admin/")
        self.page.locator("[name=username]").fill(login)
        self.page.locator("[name=password]").fill(password)
        self.page.locator("[name=password]").press("Enter")
        self.page.wait_for_url(lambda address: "/login/" not in address)

    def overflows(self):
        """By how many pixels the page is wider than its window."""
        return self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )

    def close(self):
        """Close its windows."""
        self.context.close()

    def _read_console(self, message):
        # Breaks of the content policy are written there as errors too. A page that answers 4xx is not its fault.
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            self.faults.append(f"{self.page.url}: {message.text}")

    def _read_request(self, request):
        if urlsplit(request.url).netloc not in self._hosts:
            self.faults.append(f"{self.page.url} asks {request.url}")

    def _read_response(self, response):
        if response.status >= 500:
            self.faults.append(f"{response.url} answers {response.status}")
