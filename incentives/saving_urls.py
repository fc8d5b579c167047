"""URLs of savings and shared credit."""

from django.urls import path

from incentives.views import case, indices, kpi, savings

urlpatterns = [
    path("savings/", savings.SavingsPage.as_view(), name="saving_list"),
    path("savings/validate/", savings.ValidatePage.as_view(), name="saving_validate"),
    path("savings/take-back/", savings.ReversePage.as_view(), name="saving_reverse"),
    path("savings/months/close/", savings.CloseMonthPage.as_view(), name="month_close"),
    path("savings/rates/", savings.BudgetRateList.as_view(), name="budget_rate_list"),
    path("savings/rates/new/", savings.BudgetRateCreate.as_view(), name="budget_rate_create"),
    path("savings/indices/", indices.IndexList.as_view(), name="index_list"),
    path("savings/indices/new/", indices.IndexCreate.as_view(), name="index_create"),
    path("savings/indices/<str:code>/", indices.IndexDetail.as_view(), name="index_detail"),
    path(
        "savings/indices/<str:code>/value/",
        indices.IndexValueCreate.as_view(),
        name="index_value_create",
    ),
    path(
        "savings/indices/<str:code>/values/",
        indices.IndexSeriesCreate.as_view(),
        name="index_series_create",
    ),
    path("savings/kpi/", kpi.KpiPage.as_view(), name="kpi"),
    path("savings/kpi/<str:team>/<int:year>/target/", kpi.TargetPage.as_view(), name="kpi_target"),
    path("q/<case:number>/savings/", case.SavingsOfCasePage.as_view(), name="case_savings"),
    path("q/<case:number>/savings/baseline/", case.BaselinePage.as_view(), name="case_baseline"),
    path("q/<case:number>/savings/avoidance/", case.AvoidancePage.as_view(), name="case_avoidance"),
    path("q/<case:number>/savings/shortage/", case.ShortagePage.as_view(), name="case_shortage"),
    path("q/<case:number>/savings/rebate/", case.RebatePage.as_view(), name="case_rebate"),
    path(
        "q/<case:number>/savings/<uuid:line>/remove/",
        case.WithdrawEntryPage.as_view(),
        name="case_saving_withdraw",
    ),
]
