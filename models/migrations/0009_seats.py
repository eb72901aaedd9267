from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0008_prompts')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Seat',
            name='begun',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Seat',
            name='ended',
            field=fields.BooleanField(default=False, db_default=False),
        ),
    ]
