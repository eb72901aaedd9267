from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField

class Migration(migrations.Migration):
    dependencies = [('models', '0010_anchors')]

    initial = False

    operations = [
        ops.AddField(
            model_name='ScoreEvent',
            name='due_at',
            field=UtcDatetimeField(null=True),
        ),
    ]
