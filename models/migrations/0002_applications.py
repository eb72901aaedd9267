from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0001_initial')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Completion',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('matter', fields.ForeignKeyField('models.Matter', source_field='matter_id', db_index=True, db_constraint=True, to_field='id', related_name='completions', on_delete=OnDelete.RESTRICT)),
                ('cycle', fields.IntField(default=1)),
                ('person', fields.ForeignKeyField('models.Person', source_field='person_id', db_index=True, db_constraint=True, to_field='id', related_name='completions', on_delete=OnDelete.RESTRICT)),
                ('reason', fields.TextField(unique=False)),
                ('report', fields.TextField(default='', unique=False)),
                ('talked', fields.BooleanField(default=False)),
                ('all_done', fields.BooleanField(default=False)),
                ('state', fields.CharField(max_length=10)),
                ('attempt', fields.IntField(default=0)),
                ('at', UtcDatetimeField()),
            ],
            options={'table': 'completion', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Extension',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('matter', fields.ForeignKeyField('models.Matter', source_field='matter_id', db_index=True, db_constraint=True, to_field='id', related_name='extensions', on_delete=OnDelete.RESTRICT)),
                ('cycle', fields.IntField(default=1)),
                ('person', fields.ForeignKeyField('models.Person', source_field='person_id', db_index=True, db_constraint=True, to_field='id', related_name='extensions', on_delete=OnDelete.RESTRICT)),
                ('what', fields.CharField(max_length=10)),
                ('reason', fields.TextField(unique=False)),
                ('plan', fields.TextField(unique=False)),
                ('responsible', fields.CharField(max_length=60)),
                ('until', fields.DateField()),
                ('state', fields.CharField(max_length=10)),
                ('at', UtcDatetimeField()),
                ('decided_by', fields.ForeignKeyField('models.Person', source_field='decided_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='extensions_decided', on_delete=OnDelete.RESTRICT)),
                ('decided_at', UtcDatetimeField(null=True)),
                ('note', fields.TextField(default='', unique=False)),
            ],
            options={'table': 'extension', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Review',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('matter', fields.ForeignKeyField('models.Matter', source_field='matter_id', db_index=True, db_constraint=True, to_field='id', related_name='reviews', on_delete=OnDelete.RESTRICT)),
                ('cycle', fields.IntField(default=1)),
                ('obligation', fields.ForeignKeyField('models.Obligation', source_field='obligation_id', db_index=True, db_constraint=True, to_field='id', related_name='reviews', on_delete=OnDelete.RESTRICT)),
                ('feedback', fields.ForeignKeyField('models.Feedback', source_field='feedback_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='reviews', on_delete=OnDelete.RESTRICT)),
                ('completion', fields.ForeignKeyField('models.Completion', source_field='completion_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='reviews', on_delete=OnDelete.RESTRICT)),
                ('person', fields.ForeignKeyField('models.Person', source_field='person_id', db_index=True, db_constraint=True, to_field='id', related_name='reviews', on_delete=OnDelete.RESTRICT)),
                ('verdict', fields.CharField(max_length=10)),
                ('grade', fields.CharField(default='', max_length=10)),
                ('reason', fields.TextField(default='', unique=False)),
                ('scored', fields.BooleanField(default=True)),
                ('at', UtcDatetimeField()),
            ],
            options={'table': 'review', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Matter',
            name='completion_at',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Matter',
            name='extension_at',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Matter',
            name='filed',
            field=fields.CharField(default='', db_default='', max_length=20),
        ),
        ops.AddField(
            model_name='Matter',
            name='filed_at',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Matter',
            name='old_due_at',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Matter',
            name='plan_until',
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name='Matter',
            name='written_off_at',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Matter',
            name='written_off_no',
            field=fields.CharField(default='', db_default='', max_length=60),
        ),
    ]
