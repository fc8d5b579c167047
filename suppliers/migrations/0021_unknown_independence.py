"""Independence that is not known is a word of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parts', '0011_counts_of_sources'),
        ('suppliers', '0020_placeholders_and_standings'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='source',
            name='source_independence_known',
        ),
        migrations.AddField(
            model_name='historicalsource',
            name='would_count',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='source',
            name='would_count',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name='historicalsource',
            name='independence',
            field=models.CharField(choices=[('independent', 'Independent'), ('partly', 'partly independent'), ('nominal', 'Nominal'), ('unknown', 'not known')], default='unknown', max_length=11),
        ),
        migrations.AlterField(
            model_name='source',
            name='independence',
            field=models.CharField(choices=[('independent', 'Independent'), ('partly', 'partly independent'), ('nominal', 'Nominal'), ('unknown', 'not known')], default='unknown', max_length=11),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(('independence__in', ['independent', 'partly', 'nominal', 'unknown'])), name='source_independence_known'),
        ),
    ]
