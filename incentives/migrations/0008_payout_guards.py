"""Guards of payouts: a payment needs the two persons who released its pool, and each line is of the
pool of its batch and goes to the person whose share it is.
"""

from django.db import migrations

GUARDS = """
CREATE FUNCTION incentives_payout_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
       SELECT FROM incentives_payoutbatch b
         JOIN incentives_bonuspool p ON p.id = b.pool_id
         JOIN incentives_allocation a ON a.pool_id = p.id
        WHERE b.id = NEW.batch_id AND a.id = NEW.allocation_id AND a.person_id = NEW.person_id
          AND b.currency = p.currency
          AND (b.kind <> 'payment'
               OR p.finance_by_id IS NOT NULL AND p.executive_by_id IS NOT NULL)) THEN
    RAISE EXCEPTION 'payout % is of no released pool, or of another person', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'payout_fits';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payout_fits AFTER INSERT ON incentives_payout
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION incentives_payout_fits();
"""
UNDO = """
DROP TRIGGER payout_fits ON incentives_payout;
DROP FUNCTION incentives_payout_fits();
"""


class Migration(migrations.Migration):
    dependencies = [("incentives", "0007_costs_of_splits")]

    operations = [migrations.RunSQL(GUARDS, UNDO)]
