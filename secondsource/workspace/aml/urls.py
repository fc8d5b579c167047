"""Addresses of take-overs and of the review of what came in without a case."""

from django.urls import path

from secondsource.workspace.aml import review, takeovers

urlpatterns = [
    path("", takeovers.TakeoverList.as_view(), name="takeover_list"),
    path("new/", takeovers.TakeoverCreate.as_view(), name="takeover_create"),
    path("review/", review.ReviewList.as_view(), name="review_list"),
    path("review/keep/", review.KeepPage.as_view(), name="review_keep"),
    path("review/withdraw/", review.WithdrawPage.as_view(), name="review_withdraw"),
    path("<uuid:batch>/", takeovers.TakeoverPage.as_view(), name="takeover_detail"),
    path("<uuid:batch>/moves/<slug:move>/", takeovers.TakeoverMove.as_view(), name="takeover_move"),
]
