from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.fields import UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0002_applications')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Ruling',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('matter', fields.ForeignKeyField('models.Matter', source_field='matter_id', db_index=True, db_constraint=True, to_field='id', related_name='rulings', on_delete=OnDelete.RESTRICT)),
                ('kind', fields.CharField(max_length=14)),
                ('role', fields.CharField(max_length=20)),
                ('subject', fields.IntField(default=0)),
                ('points', fields.JSONField(default=list, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('mistaken', fields.BooleanField(default=False)),
                ('asked_by', fields.ForeignKeyField('models.Person', source_field='asked_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='rulings_asked', on_delete=OnDelete.RESTRICT)),
                ('asked_at', UtcDatetimeField()),
                ('reason', fields.TextField(default='', unique=False)),
                ('verdict', fields.CharField(default='', max_length=10)),
                ('decided_by', fields.ForeignKeyField('models.Person', source_field='decided_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='rulings_decided', on_delete=OnDelete.RESTRICT)),
                ('decided_at', UtcDatetimeField(null=True)),
                ('note', fields.TextField(default='', unique=False)),
            ],
            options={'table': 'ruling', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
