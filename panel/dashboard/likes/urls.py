"""The pages of the like exchange, within the dashboard's namespace."""

from django.urls import path

from panel.dashboard.views import likes_campaigns, likes_coins, likes_earning, likes_shop

urlpatterns = [
    path("campaigns/", likes_campaigns.list_campaigns, name="campaigns"),
    path("campaigns/new/", likes_campaigns.new_campaign, name="new_campaign"),
    path("campaigns/new/count/", likes_campaigns.count_likes, name="campaign_count"),
    path("campaigns/new/texts/", likes_campaigns.show_texts, name="campaign_texts"),
    path("campaigns/<int:campaign_id>/", likes_campaigns.show_campaign, name="campaign"),
    path("campaigns/<int:campaign_id>/stop/", likes_campaigns.stop, name="stop_campaign"),
    path("earn/", likes_earning.show_next, name="earn"),
    path("earn/<int:campaign_id>/like/", likes_earning.like, name="earn_like"),
    path("earn/<int:campaign_id>/skip/", likes_earning.skip, name="earn_skip"),
    path("earn/<int:campaign_id>/report/", likes_earning.report, name="earn_report"),
    path("shop/", likes_shop.show_shop, name="shop"),
    path("shop/<int:product_id>/buy/", likes_shop.buy, name="buy_product"),
    path("shop/codes/<int:code_id>/show/", likes_shop.show_code_again, name="show_code"),
    path("coins/", likes_coins.show_coins, name="coins"),
]
