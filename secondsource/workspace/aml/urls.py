"""Addresses of take-overs and of the review of what came in without a case."""

from django.urls import path

from secondsource.workspace.aml import reference, review, takeovers

urlpatterns = [
    path("takeovers/", takeovers.TakeoverList.as_view(), name="takeover_list"),
    path("takeovers/new/", takeovers.TakeoverCreate.as_view(), name="takeover_create"),
    path("takeovers/<uuid:batch>/", takeovers.TakeoverPage.as_view(), name="takeover_detail"),
    path("takeovers/<uuid:batch>/edit/", reference.TakeoverEdit.as_view(), name="takeover_edit"),
    path(
        "takeovers/<uuid:batch>/moves/<slug:move>/",
        takeovers.TakeoverMove.as_view(),
        name="takeover_move",
    ),
    path("to-review/", review.ReviewList.as_view(), name="review_list"),
    path("to-review/keep/", review.KeepPage.as_view(), name="review_keep"),
    path("to-review/withdraw/", review.WithdrawPage.as_view(), name="review_withdraw"),
]
