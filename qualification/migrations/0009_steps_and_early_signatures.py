"""Open starter steps are worded as to do; signatures before the last hold point are void."""

from django.db import migrations

#: What the starter checklist said → what it says.
STEPS = {
    "Expected saving, one-time cost and payback estimated": "Estimate saving, one-time cost and payback",
    "Exposure without a second source stated": "State the exposure without a second source",
    "Timing against the product phases judged": "Judge the timing against the product phases",
    "Datasheets of incumbent and candidate compared": "Compare the datasheets of incumbent and candidate",
    "Every deviation has a disposition by a named engineer": "Decide on every deviation, with a named engineer",
    "Declarations (RoHS, REACH) of the candidate on file": "File the declarations (RoHS, REACH) of the candidate",
    "Intellectual property clearance searched": "Search for intellectual property conflicts",
    "Failure modes of the change rated": "Rate the failure modes of the change",
    "No action priority High left open": "Close every action of priority High",
    "Process FMEA of placement and test updated": "Update the process FMEA of placement and test",
    "Pilot plan locked: models, margin, floor, quantity": "Lock the pilot plan: models, margin, floor, quantity",
    "Pilot lot received and inspected": "Receive and inspect the pilot lot",
    "Pilot results of every product model judged": "Judge the pilot results of every product model",
    "Reliability test finished": "Finish the reliability test",
    "Rollback plan written: triggers, steps, owners": "Write the rollback plan: triggers, steps, owners",
    "Rollback rehearsed": "Rehearse the rollback",
    "Initial samples and warrant accepted": "Accept initial samples and warrant",
    "Accepted risks signed by engineering and procurement": "Sign accepted risks in engineering and procurement",
    "Change notice and BOM revision released": "Release the change notice and BOM revision",
    "Cut-in date or serial recorded": "Record the cut-in date or serial",
    "Stock of the incumbent for the way back kept": "Keep incumbent stock for a rollback",
}

REWORD = """
UPDATE qualification_checklistitem i
   SET text = %s, version = i.version + 1, updated_at = now()
  FROM qualification_case c
 WHERE c.id = i.case_id AND i.text = %s AND i.done_at IS NULL
   AND c.state NOT IN ('closed', 'rejected', 'withdrawn', 'rolled_back')
"""

VOID = """
UPDATE qualification_signoff s
   SET voided_at = now(), void_reason = 'given before the last hold point was judged',
       version = s.version + 1, updated_at = now()
  FROM qualification_case c
 WHERE c.id = s.case_id AND s.gate = 'transition' AND s.voided_at IS NULL
   AND 'transition' IN (c.state, c.held_from)
   AND EXISTS (SELECT FROM qualification_holdpoint h
                 JOIN qualification_transition t ON t.id = h.transition_id
                WHERE t.case_id = c.id AND t.ended_on IS NULL
                  AND (h.verdict = '' OR h.judged_at > s.signed_at))
"""


def reword(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany(REWORD, [(new, old) for old, new in STEPS.items()])


class Migration(migrations.Migration):
    dependencies = [("qualification", "0008_list_orders")]

    operations = [
        migrations.RunPython(reword, migrations.RunPython.noop),
        migrations.RunSQL(VOID, migrations.RunSQL.noop),
    ]
