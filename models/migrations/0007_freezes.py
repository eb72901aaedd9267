from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0006_family')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ScoreFreeze',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('year', fields.IntField()),
                ('quarter', fields.IntField(default=0)),
                ('last_id', fields.IntField(default=0)),
                ('at', UtcDatetimeField()),
                ('person', fields.ForeignKeyField('models.Person', source_field='person_id', db_index=True, db_constraint=True, to_field='id', related_name='frozen', on_delete=OnDelete.RESTRICT)),
            ],
            options={'table': 'score_freeze', 'app': 'models', 'unique_together': (('year', 'quarter'),), 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='ScoreEvent',
            name='quarter',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='ScoreEvent',
            name='shared',
            field=fields.CharField(default='', db_default='', max_length=200),
        ),
    ]
