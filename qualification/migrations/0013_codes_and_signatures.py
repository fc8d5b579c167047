"""Steps of earlier cases get their codes, their gates the signatures that were required so far."""

from django.db import migrations

#: Code → texts of the step, the present one first.
CODES = {
    "business-figures": ("Estimate saving, one-time cost and payback", "Expected saving, one-time cost and payback estimated"),
    "exposure": ("State the exposure without a second source", "Exposure without a second source stated"),
    "timing": ("Judge the timing against the product phases", "Timing against the product phases judged"),
    "datasheets": ("Compare the datasheets of incumbent and candidate", "Datasheets of incumbent and candidate compared"),
    "deviations": ("Decide on every deviation, with a named engineer", "Every deviation has a disposition by a named engineer"),
    "declarations": ("File the declarations (RoHS, REACH) of the candidate", "Declarations (RoHS, REACH) of the candidate on file"),
    "clearance": ("Search for intellectual property conflicts", "Intellectual property clearance searched"),
    "failure-modes": ("Rate the failure modes of the change", "Failure modes of the change rated"),
    "high-actions": ("Close every action of priority High", "No action priority High left open"),
    "process-fmea": ("Update the process FMEA of placement and test", "Process FMEA of placement and test updated"),
    "pilot-plan": ("Lock the pilot plan: models, margin, floor, quantity", "Pilot plan locked: models, margin, floor, quantity"),
    "pilot-lot": ("Receive and inspect the pilot lot", "Pilot lot received and inspected"),
    "pilot-results": ("Judge the pilot results of every product model", "Pilot results of every product model judged"),
    "reliability": ("Finish the reliability test", "Reliability test finished"),
    "rollback-plan": ("Write the rollback plan: triggers, steps, owners", "Rollback plan written: triggers, steps, owners"),
    "rollback-rehearsal": ("Rehearse the rollback", "Rollback rehearsed"),
    "samples": ("Accept initial samples and warrant", "Initial samples and warrant accepted"),
    "accepted-risks": ("Sign accepted risks in engineering and procurement", "Accepted risks signed by engineering and procurement"),
    "change-notice": ("Release the change notice and BOM revision", "Change notice and BOM revision released"),
    "cut-in": ("Record the cut-in date or serial", "Cut-in date or serial recorded"),
    "incumbent-stock": ("Keep incumbent stock for a rollback", "Stock of the incumbent for the way back kept"),
}

#: The functions that signed each gate before cases had rows for them, in the order of signing.
SIGNED = (
    ("business_case", ("engineering", "procurement", "quality", "sponsor")),
    ("spec_review", ("engineering", "quality")),
    ("fmea", ("engineering", "quality")),
    ("pilot_build", ("engineering", "quality")),
    ("approval", ("engineering", "quality", "procurement", "sponsor")),
    ("transition", ("quality", "procurement")),
)

CODE = """
UPDATE qualification_checklistitem SET code = %s, version = version + 1, updated_at = now()
 WHERE text IN (%s, %s) AND code = ''
"""
REQUIRE = """
INSERT INTO qualification_requiredsignature (case_id, gate, function)
SELECT id, %s, %s FROM qualification_case ORDER BY id ON CONFLICT DO NOTHING
"""


def write(apps, schema_editor):
    pairs = [(gate, function) for gate, functions in SIGNED for function in functions]
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany(CODE, [(code, *texts) for code, texts in CODES.items()])
        cursor.executemany(REQUIRE, pairs)


class Migration(migrations.Migration):
    dependencies = [("qualification", "0012_sops")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
