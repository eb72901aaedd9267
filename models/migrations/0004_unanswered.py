from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ConditionalIndex

class Migration(migrations.Migration):
    dependencies = [('models', '0003_rulings')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='Inbound',
            index=ConditionalIndex(fields=['received_wall'], name='inbound_unanswered', where="reply_via = 'none'"),
        ),
    ]
