from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0010_anchors')]

    initial = False

    operations = [
        # null for the matters of one unit, and for those that an older version writes meanwhile
        ops.AddField(
            model_name='Matter',
            name='leads',
            field=fields.JSONField(null=True),
        ),
    ]
