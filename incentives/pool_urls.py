"""Addresses of pools, shares, payouts and the recognition of a year."""

from django.urls import path

from incentives.views import payouts, pools, recognition

urlpatterns = [
    path("incentives/", pools.IncentivesPage.as_view(), name="incentives"),
    path("incentives/pools/new/", pools.NewPoolPage.as_view(), name="pool_create"),
    path("incentives/pools/<uuid:pool>/", pools.PoolPage.as_view(), name="pool_detail"),
    path("incentives/pools/<uuid:pool>/rate/", pools.RatePage.as_view(), name="pool_rate"),
    path("incentives/pools/<uuid:pool>/shares/", pools.SharesPage.as_view(), name="pool_shares"),
    path("incentives/pools/<uuid:pool>/split/", pools.SplitPage.as_view(), name="pool_split"),
    path(
        "incentives/pools/<uuid:pool>/moves/<slug:move>/",
        pools.PoolMovePage.as_view(),
        name="pool_move",
    ),
    path("incentives/shares/<uuid:share>/", pools.SharePage.as_view(), name="share_detail"),
    path(
        "incentives/shares/<uuid:share>/moves/<slug:move>/",
        pools.ShareMovePage.as_view(),
        name="share_move",
    ),
    path("incentives/payouts/", payouts.PayoutList.as_view(), name="payout_list"),
    path("incentives/statements/<int:year>/", payouts.StatementFile.as_view(), name="statement"),
    path(
        "incentives/statements/<int:year>/<uuid:person>/",
        payouts.StatementFile.as_view(),
        name="statement_of",
    ),
    path("recognition/", recognition.RecognitionPage.as_view(), name="recognition"),
    path("recognition/<int:year>/", recognition.RecognitionPage.as_view(), name="recognition_of"),
]
