# Builds the connector and its starter library, then keeps only what running needs.
FROM node:20.20.0-trixie-slim AS build
WORKDIR /app
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++ && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json .npmrc tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY resources ./resources
COPY mappings ./mappings
RUN npm ci && npm prune --omit=dev --ignore-scripts

FROM node:20.20.0-trixie-slim
ENV NODE_ENV=production HOST=0.0.0.0 LIBRARY_PATH=/app/var/library.db
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/resources ./resources
COPY --from=build /app/mappings ./mappings
COPY LICENSE NOTICE ./
RUN mkdir var && chown node:node var
# The user node, by its number: whatever runs containers can tell that it is not root.
USER 1000:1000
VOLUME /app/var
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
