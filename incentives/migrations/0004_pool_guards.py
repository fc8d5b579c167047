"""Guards of pools: payouts are only added and sum, shares sum, nobody releases their own share."""

from django.db import migrations

from secondsource.core.database_roles import append_only

#: The lines of a batch sum to its total, when the transaction ends.
BATCHES = """
CREATE FUNCTION incentives_batch_sums() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wanted bigint := CASE TG_TABLE_NAME WHEN 'incentives_payoutbatch' THEN NEW.id
                   ELSE (to_jsonb(NEW)->>'batch_id')::bigint END;
  total numeric;
  summed numeric;
BEGIN
  SELECT b.total INTO total FROM incentives_payoutbatch b WHERE b.id = wanted;
  SELECT coalesce(sum(p.amount), 0) INTO summed FROM incentives_payout p
   WHERE p.batch_id = wanted;
  IF summed <> total THEN
    RAISE EXCEPTION 'payouts of batch % sum to %, not to %', wanted, summed, total
      USING ERRCODE = 'check_violation', CONSTRAINT = 'payout_sums';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payout_sums AFTER INSERT ON incentives_payoutbatch
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION incentives_batch_sums();
CREATE CONSTRAINT TRIGGER payout_sums AFTER INSERT ON incentives_payout
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION incentives_batch_sums();
"""

#: Once people are asked, the shares of a pool sum to 1 and their amounts to the pool; nobody got
#: more than their share, and who released has none.
POOLS = """
CREATE FUNCTION incentives_pool_sums() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wanted bigint := CASE TG_TABLE_NAME WHEN 'incentives_bonuspool' THEN NEW.id
                   ELSE (to_jsonb(coalesce(NEW, OLD))->>'pool_id')::bigint END;
  pool record;
  shares numeric;
  amounts numeric;
BEGIN
  SELECT * INTO pool FROM incentives_bonuspool b WHERE b.id = wanted;
  IF pool.id IS NULL OR pool.state IN ('draft', 'cancelled') THEN
    RETURN NULL;
  END IF;
  SELECT coalesce(sum(a.share), 0), coalesce(sum(a.amount), 0) INTO shares, amounts
    FROM incentives_allocation a WHERE a.pool_id = wanted;
  IF shares <> 1 OR amounts <> pool.amount THEN
    RAISE EXCEPTION 'shares of pool % sum to % and % of %', wanted, shares, amounts, pool.amount
      USING ERRCODE = 'check_violation', CONSTRAINT = 'shares_sum';
  END IF;
  IF EXISTS (SELECT FROM incentives_allocation a
              WHERE a.pool_id = wanted AND a.share > 0
                AND a.person_id IN (pool.finance_by_id, pool.executive_by_id)) THEN
    RAISE EXCEPTION 'pool % was released by a person with a share', wanted
      USING ERRCODE = 'check_violation', CONSTRAINT = 'released_by_others';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER shares_sum AFTER INSERT OR UPDATE ON incentives_bonuspool
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION incentives_pool_sums();
CREATE CONSTRAINT TRIGGER shares_sum AFTER INSERT OR UPDATE OR DELETE ON incentives_allocation
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION incentives_pool_sums();
CREATE FUNCTION incentives_paid_within_share() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wanted bigint := CASE TG_TABLE_NAME WHEN 'incentives_allocation' THEN NEW.id
                   ELSE (to_jsonb(NEW)->>'allocation_id')::bigint END;
  entitled numeric;
  paid numeric;
BEGIN
  SELECT a.amount INTO entitled FROM incentives_allocation a WHERE a.id = wanted;
  SELECT coalesce(sum(p.amount), 0) INTO paid FROM incentives_payout p
   WHERE p.allocation_id = wanted;
  IF paid > entitled OR paid < 0 THEN
    RAISE EXCEPTION 'share % is % and was paid %', wanted, entitled, paid
      USING ERRCODE = 'check_violation', CONSTRAINT = 'paid_within_share';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER paid_within_share AFTER INSERT ON incentives_payout
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION incentives_paid_within_share();
CREATE CONSTRAINT TRIGGER paid_within_share AFTER UPDATE ON incentives_allocation
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION incentives_paid_within_share();
"""
UNDO = """
DROP TRIGGER payout_sums ON incentives_payoutbatch;
DROP TRIGGER payout_sums ON incentives_payout;
DROP TRIGGER shares_sum ON incentives_bonuspool;
DROP TRIGGER shares_sum ON incentives_allocation;
DROP TRIGGER paid_within_share ON incentives_payout;
DROP TRIGGER paid_within_share ON incentives_allocation;
DROP FUNCTION incentives_batch_sums();
DROP FUNCTION incentives_pool_sums();
DROP FUNCTION incentives_paid_within_share();
"""


class Migration(migrations.Migration):
    dependencies = [("incentives", "0003_pools")]

    operations = [
        append_only("incentives_historicalbonuspool"),
        append_only("incentives_historicalallocation"),
        append_only("incentives_payoutbatch"),
        append_only("incentives_payout"),
        migrations.RunSQL(BATCHES + POOLS, UNDO),
    ]
