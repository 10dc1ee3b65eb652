# One file, one target a service; what they share is built once. NODE_IMAGE can name a mirror in a closed network.
ARG NODE_IMAGE=node:24-slim

# The manifests alone, so that editing a source file does not install the packages again.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
ENV NO_UPDATE_NOTIFIER=1 npm_config_fund=false npm_config_audit=false
COPY package.json package-lock.json ./
COPY contracts/package.json contracts/
COPY runtime/package.json runtime/
COPY monitor/package.json monitor/
COPY alert-service/package.json alert-service/
COPY dashboard-ui/package.json dashboard-ui/
COPY target-app/package.json target-app/
COPY stress-generator/package.json stress-generator/
COPY cli/package.json cli/

# No install scripts: the native addons of dockerode's ssh client are optional and not used.
FROM manifests AS monitor-packages
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional --omit=peer --ignore-scripts --workspace monitor --workspace cli \
  && mkdir -p cli/node_modules
FROM manifests AS alert-service-packages
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional --omit=peer --ignore-scripts --workspace alert-service
FROM manifests AS target-app-packages
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional --omit=peer --ignore-scripts --workspace target-app
FROM manifests AS stress-generator-packages
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional --omit=peer --ignore-scripts --workspace stress-generator

FROM manifests AS page
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --workspace dashboard-ui
COPY tsconfig.json ./
COPY contracts contracts
COPY dashboard-ui dashboard-ui
RUN npm run build --workspace dashboard-ui

# What every service runs on. Sources belong to root, the service is node (1000): it cannot change its own code.
# The state folders exist in the image, so that a volume mounted there belongs to node.
FROM ${NODE_IMAGE} AS service
WORKDIR /app
ENV NODE_ENV=production NODE_COMPILE_CACHE=/app/.compile-cache LISTEN_HOST=0.0.0.0 LOGS_DIR=/logs STATE_DIR=/state SHARED_DIR=/shared
RUN mkdir -p /app/.compile-cache /state /shared /logs && chown node:node /app/.compile-cache /state /shared /logs
COPY --chmod=755 deploy/health-check.mjs /app/health-check.mjs
COPY contracts contracts
COPY runtime runtime
STOPSIGNAL SIGTERM

# Each target ends by importing its main.ts as the user that will run it: that fills the compile cache and runs nothing.
# Warmed as another user, or with a module left out, the cache is not found and the service starts twice as slowly.
FROM service AS monitor
COPY --from=monitor-packages /app/node_modules node_modules
COPY --from=monitor-packages /app/cli/node_modules cli/node_modules
COPY monitor monitor
COPY --from=page /app/dashboard-ui/dist dashboard-ui/dist
# The command, for `docker compose exec monitor plimsoll live`.
COPY cli cli
RUN ln -s /app/cli/bin/plimsoll.js /usr/local/bin/plimsoll
USER node
RUN node -e "await import('/app/monitor/src/main.ts'); await import('/app/cli/src/main.ts')"
EXPOSE 8001
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --start-interval=1s CMD ["node", "/app/health-check.mjs", "8001"]
CMD ["node", "/app/monitor/src/main.ts"]

FROM service AS alert-service
COPY --from=alert-service-packages /app/node_modules node_modules
COPY alert-service alert-service
USER node
RUN node -e "await import('/app/alert-service/src/main.ts')"
EXPOSE 8002
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --start-interval=1s CMD ["node", "/app/health-check.mjs", "8002"]
CMD ["node", "/app/alert-service/src/main.ts"]

FROM service AS target-app
COPY --from=target-app-packages /app/node_modules node_modules
COPY target-app target-app
USER node
RUN node -e "await import('/app/target-app/src/main.ts')"
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --start-interval=1s CMD ["node", "/app/health-check.mjs", "8080"]
CMD ["node", "/app/target-app/src/main.ts"]

FROM service AS stress-generator
COPY --from=stress-generator-packages /app/node_modules node_modules
COPY stress-generator stress-generator
USER node
RUN node -e "await import('/app/stress-generator/src/main.ts')"
CMD ["node", "/app/stress-generator/src/main.ts"]
