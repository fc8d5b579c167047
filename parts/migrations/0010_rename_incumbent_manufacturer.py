"""The trade says manufacturer."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('parts', '0009_list_orders'),
    ]

    operations = [
        migrations.RenameField('partfigures', 'incumbent_maker', 'incumbent_manufacturer'),
    ]
