"""`python -m cli.heartbeat_postgres PID`: the same question as cli.heartbeat, asked of PostgreSQL."""

import os
import sys
from pathlib import Path

import psycopg

from cli.heartbeat import tell

PATIENCE_S = 5


def main(arguments: list[str]) -> int:
    """Answer for the database of RUKON_DATABASE_URL."""
    url, secret = os.environ["RUKON_DATABASE_URL"], os.environ.get("RUKON_DATABASE_PASSWORD_FILE")
    if secret:
        url = url.replace("{password}", Path(secret).read_text().strip())
    try:
        with psycopg.connect(url, connect_timeout=PATIENCE_S) as database:
            return tell(
                lambda query, given: database.execute(query.encode(), given * query.count("%s")).fetchall(),
                arguments[0], lambda moment: moment, "%s",
            )  # fmt: skip
    except psycopg.Error:
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
