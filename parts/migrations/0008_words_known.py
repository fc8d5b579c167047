from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_words_known'),
        ('parts', '0007_exchange_rates'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # A PATCH once took a line without its rule; what it asks for can only be read.
        migrations.RunSQL(
            "UPDATE parts_requirement SET rule = 'informational' WHERE rule <> ALL (ARRAY['equal',"
            " 'at_least', 'at_most', 'within', 'one_of', 'informational'])",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name='category',
            constraint=models.CheckConstraint(condition=models.Q(('risk_class__in', ['low', 'medium', 'high'])), name='category_risk_class_known'),
        ),
        migrations.AddConstraint(
            model_name='part',
            constraint=models.CheckConstraint(condition=models.Q(('criticality__in', ['a', 'b', 'c'])), name='part_criticality_known'),
        ),
        migrations.AddConstraint(
            model_name='part',
            constraint=models.CheckConstraint(condition=models.Q(('lifecycle__in', ['introduction', 'growth', 'mature', 'decline', 'nrnd', 'phase_out', 'last_time_buy', 'discontinued', 'unknown'])), name='part_lifecycle_known'),
        ),
        migrations.AddConstraint(
            model_name='partfigures',
            constraint=models.CheckConstraint(condition=models.Q(('demand_basis__in', ['given', 'bom', 'missing'])), name='partfigures_demand_basis_known'),
        ),
        migrations.AddConstraint(
            model_name='partfigures',
            constraint=models.CheckConstraint(condition=models.Q(('spend_basis__in', ['receipts', 'offer', 'standard', 'missing'])), name='partfigures_spend_basis_known'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(('phase__in', ['concept', 'development', 'design_freeze', 'pilot', 'mass_production', 'end_of_life'])), name='product_phase_known'),
        ),
        migrations.AddConstraint(
            model_name='requirement',
            constraint=models.CheckConstraint(condition=models.Q(('rule__in', ['equal', 'at_least', 'at_most', 'within', 'one_of', 'informational'])), name='requirement_rule_known'),
        ),
    ]
