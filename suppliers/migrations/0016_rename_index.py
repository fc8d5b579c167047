"""The trade says manufacturer."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('suppliers', '0015_scope_of_approvals'),
    ]

    operations = [
        migrations.RenameIndex(
            'manufacturerpart', new_name='mpn_by_manufacturer', old_name='manufacturer_part_by_maker'
        ),
    ]
