# planspec in an image: no shell script, no root, no provider.
#
#   docker build --tag planspec .
#   docker run --rm --volume "$PWD:/project:ro" planspec check plan.json
#   docker build --target with-checkov --tag planspec:checkov .
#
# Plan JSON is read as it is; a saved plan file needs terraform, which is not in here.
FROM python:3.13-slim-bookworm AS build
WORKDIR /source
COPY pyproject.toml README.md requirements.lock ./
COPY docs/evidence.schema.json docs/
COPY features/ features/
COPY policies/ policies/
COPY steps/ steps/
COPY planspec/ planspec/
# The locked versions, as constraints: what is built here has no hash.
RUN sed -n 's/^\([a-z0-9].*[^ ]\) *\\$/\1/p' requirements.lock > constraints.txt \
    && python -m venv /opt/planspec \
    && /opt/planspec/bin/pip install --no-cache-dir --constraint constraints.txt .

FROM python:3.13-slim-bookworm AS checkov
COPY requirements-checkov.lock /source/
RUN python -m venv /opt/checkov \
    && /opt/checkov/bin/pip install --no-cache-dir --require-hashes -r /source/requirements-checkov.lock

FROM python:3.13-slim-bookworm AS planspec
RUN useradd --uid 65532 --user-group --no-create-home --shell /usr/sbin/nologin planspec
COPY --from=build /opt/planspec /opt/planspec
ENV PATH=/opt/planspec/bin:$PATH PYTHONDONTWRITEBYTECODE=1
WORKDIR /project
USER 65532:65532
ENTRYPOINT ["planspec"]
CMD ["--help"]

FROM planspec AS with-checkov
COPY --from=checkov /opt/checkov /opt/checkov
ENV PLANSPEC_CHECKOV=/opt/checkov/bin/checkov

# The last stage is what is built without --target.
FROM planspec
