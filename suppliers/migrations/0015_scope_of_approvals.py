"""A source has the products of the approval that it rests on."""

from django.db import migrations

_TAKE_OVER = """
DELETE FROM suppliers_source_scope c
 USING suppliers_source s
  JOIN suppliers_approval a ON a.id = s.approval_id AND a.kind = 'takeover'
 WHERE c.source_id = s.id
   AND EXISTS (SELECT FROM suppliers_approval_products p WHERE p.approval_id = a.id)
   AND NOT EXISTS (SELECT FROM suppliers_approval_products p
                    WHERE p.approval_id = a.id AND p.product_id = c.product_id);
INSERT INTO suppliers_source_scope (source_id, product_id)
SELECT s.id, p.product_id
  FROM suppliers_source s
  JOIN suppliers_approval a ON a.id = s.approval_id AND a.kind = 'takeover'
  JOIN suppliers_approval_products p ON p.approval_id = a.id
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('suppliers', '0014_list_orders'),
    ]

    operations = [
        migrations.RunSQL(_TAKE_OVER, migrations.RunSQL.noop),
    ]
