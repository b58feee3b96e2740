# The packages that running needs, installed before any source is copied: a changed source or mapping does not install again.
# Other platforms' SQLite, its C sources, source maps and types stay behind.
FROM node:24.21.0-trixie-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts \
  && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.?ts' \) -delete \
  && cd node_modules/@photostructure/sqlite && rm -r src node_modules \
  && find prebuilds -type f ! -path "*/linux-$(node -p process.arch)/*.glibc.node" -delete

# The program.
FROM node:24.21.0-trixie-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run prepare

FROM node:24.21.0-trixie-slim
LABEL org.opencontainers.image.title="Education Connect" \
  org.opencontainers.image.description="Turns a clinical code into the patient-education article that explains it" \
  org.opencontainers.image.version="0.2.0" \
  org.opencontainers.image.licenses="Apache-2.0"
# One pool of memory for all threads: one a thread holds what it no longer needs.
ENV NODE_ENV=production HOST=0.0.0.0 LIBRARY_PATH=/app/var/library.db MALLOC_ARENA_MAX=1
WORKDIR /app
RUN mkdir var && chown node:node var
COPY package.json LICENSE NOTICE ./
COPY --from=packages /app/node_modules ./node_modules
COPY resources ./resources
COPY --from=build /app/dist ./dist
COPY mappings ./mappings
# The user node, by its number: whatever runs containers can tell that it is not root.
USER 1000:1000
VOLUME /app/var
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
