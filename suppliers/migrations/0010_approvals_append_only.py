"""Approvals and revocations are only added to, and no two approvals of a source overlap."""

from django.db import migrations, models

from secondsource.core.database_roles import append_only

# By statement, so that an import of thousands of incumbents is checked at once. The rows of the
# sources are held, so that of two transactions the second one sees the first one's approval.
CHECK = """
CREATE FUNCTION suppliers_check_approvals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong bigint;
BEGIN
  PERFORM FROM suppliers_source WHERE id IN (SELECT source_id FROM added)
    ORDER BY id FOR NO KEY UPDATE;
  SELECT n.source_id INTO wrong FROM added n
   WHERE NOT EXISTS (SELECT FROM suppliers_source s WHERE s.id = n.source_id) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'source % does not exist', wrong
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'approval_of_a_source';
  END IF;
  SELECT n.source_id INTO wrong FROM added n
    JOIN suppliers_approval o ON o.source_id = n.source_id AND o.id <> n.id
   WHERE daterange(n.valid_from, n.valid_to, '[]') && daterange(o.valid_from, o.valid_to, '[]')
     AND NOT EXISTS (SELECT FROM suppliers_revocation r WHERE r.approval_id = o.id) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'source % has an approval for these days', wrong
      USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'approval_no_overlap';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER approval_no_overlap AFTER INSERT ON suppliers_approval
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION suppliers_check_approvals();
"""
UNCHECK = """
DROP TRIGGER approval_no_overlap ON suppliers_approval;
DROP FUNCTION suppliers_check_approvals();
"""
# What is stored follows from the facts from now on; a worker brings it in step.
RESOLVE = """
INSERT INTO core_outbox (topic, key, payload, attempts, error)
SELECT 'resolve', '', '{"part_ids": null, "reason": "derived from facts"}', 0, ''
 WHERE EXISTS (SELECT FROM suppliers_source);
"""


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0009_audit_guarantees"),
        ("suppliers", "0009_approvals_are_facts"),
        ("qualification", "0006_plans_as_objects"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'interim'), _negated=True), models.Q(('quantity__isnull', False), ('valid_to__isnull', False)), _connector='OR'), name='approval_interim_is_limited'),
        ),
        migrations.RunSQL(CHECK, UNCHECK),
        append_only("suppliers_approval"),
        append_only("suppliers_approval_products"),
        append_only("suppliers_approval_plants"),
        append_only("suppliers_revocation"),
        migrations.RunSQL(RESOLVE, migrations.RunSQL.noop),
    ]
