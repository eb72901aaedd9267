from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0009_seats')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Anchor',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('n', fields.IntField(unique=True)),
                ('body', fields.TextField(unique=False)),
                ('prev', fields.CharField(max_length=64)),
                ('hash', fields.CharField(max_length=64)),
            ],
            options={'table': 'anchor', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Matter',
            name='anchored_n',
            field=fields.IntField(default=0, db_default=0),
        ),
    ]
