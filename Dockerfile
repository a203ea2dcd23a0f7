# Everything is installed from the locks in a first stage; the second holds the program and no tools.
FROM python:3.11-slim AS build
WORKDIR /app
COPY . .
RUN python dev.py setup \
    && cp .venv/bin/uv /usr/local/bin/uv \
    && uv sync --frozen --no-dev --compile-bytecode \
    && rm -rf node_modules .venv/bin/uv .venv/bin/uvx

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin rukon \
    && install --directory --owner=rukon --group=rukon --mode=0750 /data
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    RUKON_DATA_DIR=/data \
    RUKON_HOST=0.0.0.0
USER rukon
VOLUME /data
EXPOSE 8640
# Without other orders: the whole service in one container, on SQLite. docker-compose.yml takes it apart.
CMD ["rukon", "up"]
