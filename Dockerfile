# One image for all receivers and the command: Node, the libraries that it needs, bundles; no shell, no npm.
#
#   docker build --tag kube-latency .
#
# `npm run image` makes the same content without Docker, by the same programs; `npm run pin` adds digests to the tags here.
# Its steps were run on amd64. Nothing in it depends on the architecture: arm64 was not run.

ARG NODE_IMAGE=docker.io/library/node:24.21.0-bookworm-slim

# The same on every architecture, so made on that of the machine.
FROM --platform=${BUILDPLATFORM} ${NODE_IMAGE} AS app
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
# esbuild runs without its script; the node package would download the Node that is here already.
RUN npm ci --omit=dev --ignore-scripts --no-fund --no-audit
COPY build build
COPY receivers receivers
COPY operator operator
COPY cli cli
COPY local local
COPY kind kind
RUN node build/image/folder.ts app /image

FROM ${NODE_IMAGE} AS runtime
WORKDIR /src
COPY package.json ./
COPY build/image build/image
RUN node build/image/folder.ts runtime /image

FROM scratch
COPY --from=runtime /image/ /
COPY --from=app /image/ /
# Nobody, by number: Kubernetes checks runAsNonRoot without reading /etc/passwd.
USER 65532:65532
WORKDIR /app
ENTRYPOINT ["/node/bin/node"]
# Without arguments it is the pinger: the agent of NetworkProbers gets none.
CMD ["/app/rtt-pinger/main.mjs"]
