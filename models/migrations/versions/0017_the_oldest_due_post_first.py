"""the oldest due post first, without sorting all that are due

Revision: 0017, after: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SCHEDULED = sa.text("state = 'scheduled'")


def upgrade() -> None:
    op.create_index("ix_delivery_claim", "delivery", ["state", "due_at", "id"])
    op.drop_index("ix_delivery_due", "delivery")


def downgrade() -> None:
    op.create_index(
        "ix_delivery_due", "delivery", ["next_at"], sqlite_where=SCHEDULED, postgresql_where=SCHEDULED
    )
    op.drop_index("ix_delivery_claim", "delivery")
