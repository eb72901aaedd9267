from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.fields import ConditionalIndex, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0004_unanswered')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Document',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('matter', fields.ForeignKeyField('models.Matter', source_field='matter_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='documents', on_delete=OnDelete.RESTRICT)),
                ('cycle', fields.IntField(default=1)),
                ('completion', fields.ForeignKeyField('models.Completion', source_field='completion_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='documents', on_delete=OnDelete.RESTRICT)),
                ('person', fields.ForeignKeyField('models.Person', source_field='person_id', db_index=True, db_constraint=True, to_field='id', related_name='documents', on_delete=OnDelete.RESTRICT)),
                ('inbound', fields.ForeignKeyField('models.Inbound', source_field='inbound_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='documents', on_delete=OnDelete.RESTRICT)),
                ('kind', fields.CharField(max_length=10)),
                ('state', fields.CharField(max_length=10)),
                ('name', fields.CharField(default='', max_length=120)),
                ('sha256', fields.CharField(default='', max_length=64)),
                ('size', fields.IntField(default=0)),
                ('media_type', fields.CharField(default='', max_length=100)),
                ('media_id', fields.CharField(default='', max_length=300)),
                ('tried', fields.IntField(default=0)),
                ('next_try_at', UtcDatetimeField(null=True)),
                ('at', UtcDatetimeField()),
            ],
            options={'table': 'document', 'app': 'models', 'indexes': [ConditionalIndex(fields=['next_try_at'], name='document_fetch', where="state = 'fetching'")], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Completion',
            name='form',
            field=fields.JSONField(null=True, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads),
        ),
    ]
