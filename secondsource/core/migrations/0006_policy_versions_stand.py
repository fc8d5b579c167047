"""A version of a policy that was once active stands: figures name it by its number."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0005_fewer_indexes")]
    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION core_policy_version_stands() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF TG_OP = 'UPDATE' AND NEW.state <> 'draft'
                 AND (NEW.name, NEW.number, NEW.values) = (OLD.name, OLD.number, OLD.values) THEN
                RETURN NEW;
              END IF;
              RAISE EXCEPTION 'version % of policy % was active: it is not changed or removed',
                OLD.number, OLD.name USING ERRCODE = 'insufficient_privilege';
            END $$;
            CREATE TRIGGER policy_version_stands BEFORE UPDATE OR DELETE ON core_policyversion
              FOR EACH ROW WHEN (OLD.state <> 'draft')
              EXECUTE FUNCTION core_policy_version_stands();
            """,
            """
            DROP TRIGGER policy_version_stands ON core_policyversion;
            DROP FUNCTION core_policy_version_stands();
            """,
        )
    ]
