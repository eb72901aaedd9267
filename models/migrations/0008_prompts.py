from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ConditionalIndex, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0007_freezes')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Prompt',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('matter', fields.ForeignKeyField('models.Matter', source_field='matter_id', db_index=True, db_constraint=True, to_field='id', related_name='prompts', on_delete=OnDelete.RESTRICT)),
                ('cycle', fields.IntField(default=1)),
                ('kind', fields.CharField(max_length=12)),
                ('subject', fields.IntField(default=0)),
                ('since', UtcDatetimeField()),
                ('asked', fields.IntField(default=0)),
                ('next_at', UtcDatetimeField(null=True)),
                ('verdict', fields.CharField(default='', max_length=16)),
                ('note', fields.TextField(default='', unique=False)),
                ('decided_by', fields.ForeignKeyField('models.Person', source_field='decided_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='prompts_decided', on_delete=OnDelete.RESTRICT)),
                ('decided_at', UtcDatetimeField(null=True)),
                ('fault', fields.TextField(default='', unique=False)),
            ],
            options={'table': 'prompt', 'app': 'models', 'unique_together': (('matter', 'cycle', 'kind', 'subject'),), 'indexes': [ConditionalIndex(fields=['next_at', 'id'], name='prompt_due', where='next_at IS NOT NULL')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Heartbeat',
            name='stopped',
            field=fields.BooleanField(default=False, db_default=False),
        ),
    ]
