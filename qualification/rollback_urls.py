"""URLs below ``q/SSQ-0001/rollback/``: address, view, end of the URL's name."""

from __future__ import annotations

from qualification.views import breaches
from qualification.views import rollback as views

ROLLBACK = (
    ("", views.RollbackPage, ""),
    ("stock/", views.StockPage, "_stock"),
    ("triggers/new/", views.NewTriggerPage, "_trigger_create"),
    ("triggers/<uuid:trigger>/", views.TriggerPage, "_trigger"),
    ("triggers/<uuid:trigger>/remove/", views.RemoveTriggerPage, "_trigger_remove"),
    ("steps/new/", views.NewRollbackStepPage, "_step_create"),
    ("steps/<uuid:way>/", views.RollbackStepPage, "_step"),
    ("steps/<uuid:way>/remove/", views.RemoveRollbackStepPage, "_step_remove"),
    ("rehearsals/new/", views.RehearsalPage, "_rehearse"),
    ("breaches/new/", breaches.ReportBreachPage, "_breach_report"),
    ("breaches/<uuid:breach>/clear/", breaches.ClearBreachPage, "_breach_clear"),
    ("done/<uuid:done>/", breaches.FinishRollbackPage, "_finish"),
)
