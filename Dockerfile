# One image for every part of Firstline: `serve` (all in one), `web`, `events`, `worker`, `fetch-mail`.
# The code is read-only for the user it runs as; all that changes lies in /data.
FROM python:3.13-slim-bookworm AS build
WORKDIR /opt/firstline
COPY requirements.lock requirements-dev.lock ./
COPY script/setup script/translations script/
COPY firstline/__init__.py firstline/
RUN script/setup
COPY . .
RUN script/setup && script/assets && .venv/bin/python -m compileall -q firstline \
    && rm -rf frontend/node_modules frontend/build tests .git

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin firstline \
    && install -d -o firstline -g firstline -m 0750 /data
COPY --from=build /opt/firstline /opt/firstline
ENV PATH=/opt/firstline/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    FIRSTLINE_HOME=/data
USER firstline
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s CMD ["python", "-c", \
    "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["firstline", "serve", "--host", "0.0.0.0", "--port", "8000"]
