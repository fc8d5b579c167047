# Front-end files are fetched in a stage of their own: the final image has no Node.
FROM node:24-bookworm-slim AS node
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.13-slim-bookworm AS build
WORKDIR /app
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.txt ./
RUN python -m venv /venv && /venv/bin/pip install --quiet --require-hashes --no-deps -r requirements.txt
COPY . .
COPY --from=node /build/node_modules node_modules
# Settings want addresses; collecting files contacts nobody.
RUN /venv/bin/python -m secondsource.core.assets --fetched \
 && DATABASE_URL=postgres://nobody@localhost/none REDIS_URL=redis://localhost SECRET_KEY=none \
    DATA_DIR=/data STATIC_ROOT=/static /venv/bin/python manage.py collectstatic --noinput \
    --ignore=redoc --ignore=rest_framework --ignore=django_htmx --ignore='swagger-ui-es*' \
 && rm -rf node_modules tests

FROM python:3.13-slim-bookworm
RUN useradd --system --user-group --home-dir /app --shell /usr/sbin/nologin secondsource \
 && install -d -o secondsource -g secondsource -m 0700 /data
COPY --from=build /venv /venv
COPY --from=build /app /app
COPY --from=build /static /static
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data STATIC_ROOT=/static LOG_JSON=true
WORKDIR /app
USER secondsource
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "secondsource.wsgi:application", "--bind=0.0.0.0:8000", "--worker-class=secondsource.core.web.BufferedWorker", \
     "--workers=3", "--threads=4", "--preload", "--timeout=60", "--no-control-socket", \
     "--worker-tmp-dir=/dev/shm"]
