"""Public pages of the right shape to order for; nothing of the demo ever fetches them."""

LINKS = {
    "video": "https://www.aparat.com/v/demo600",
    "short_video": "https://www.aparat.com/v/demo30",
    "profile": "https://www.instagram.com/demo.page",
    "post": "https://www.instagram.com/p/CA2-Sn-n9YX/",
}
