from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint

class Migration(migrations.Migration):
    dependencies = [('models', '0005_documents')]

    initial = False

    operations = [
        ops.RemoveConstraint(
            model_name='Matter',
            name=None,
            fields=['year', 'number'],
        ),
        ops.AddField(
            model_name='Matter',
            name='child',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Matter',
            name='parent',
            field=fields.ForeignKeyField('models.Matter', source_field='parent_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='children', on_delete=OnDelete.RESTRICT),
        ),
        ops.AddConstraint(
            model_name='Matter',
            constraint=UniqueConstraint(fields=('year', 'number', 'child'), name=None),
        ),
        ops.AddField(
            model_name='Ruling',
            name='into',
            field=fields.ForeignKeyField('models.Matter', source_field='into_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='rulings_into', on_delete=OnDelete.RESTRICT),
        ),
        # a column that is added gets no index of its own
        ops.RunSQL(['CREATE INDEX matter_parent ON matter (parent_id)', 'CREATE INDEX ruling_into ON ruling (into_id)']),
    ]
