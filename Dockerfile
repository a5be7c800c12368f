# One image for web, worker and beat; docker-compose.yml says which of them runs.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --require-hashes -r /tmp/base.txt
WORKDIR /app
COPY . .
ENV PATH=/opt/venv/bin:$PATH STATIC_ROOT=/app/collected LIAISON_VAR=/tmp/build
RUN pybabel --quiet compile --directory locale --domain django \
    && python manage.py collectstatic --noinput --verbosity 0

FROM python:3.11-slim
# What certificates are set in.
RUN apt-get update && apt-get install --yes --no-install-recommends fonts-wqy-microhei \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /var/lib/liaison --create-home liaison
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
# Compiled beforehand: the user below may not write beside the code.
RUN /opt/venv/bin/python -m compileall -q liaison enterprises issues visits documents green_channel workers
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 \
    STATIC_ROOT=/app/collected LIAISON_VAR=/var/lib/liaison
USER liaison
VOLUME /var/lib/liaison
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", \
     "--log-level", "warning", "liaison.wsgi:application"]
