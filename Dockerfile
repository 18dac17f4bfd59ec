# Builds the artifact, then puts it alone into an image that has Node and nothing else of ours.
#   docker build -t nauthilus-js .
#   docker run --read-only -p 9080:9080 -e NAUTHILUS_SERVER_ADDRESS=0.0.0.0:9080 nauthilus-js

FROM node:22-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund
COPY . .
RUN node compiler/cli/nauthilus.mjs build -c nauthilus.yml -o /out

FROM node:22-slim
WORKDIR /app
COPY --from=build /out/nauthilus.mjs /src/nauthilus.yml ./
# A number, so that an orchestrator can see that it is not root. 65534 is `nobody`.
USER 65534:65534
EXPOSE 9080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s \
  CMD ["node", "nauthilus.mjs", "healthcheck"]
# The flags are those of compiler/cli/v8-flags.mjs; without them the artifact would start a second process to have them.
CMD ["node", "--stack-size=7000", "--max-semi-space-size=64", "--min-semi-space-size=32", "--max-inlined-bytecode-size=1000", "--max-inlined-bytecode-size-cumulative=3000", "nauthilus.mjs", "start", "-c", "nauthilus.yml"]
