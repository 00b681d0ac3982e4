# The steps are those of .ci/run and of the README, and nothing else: test/ops holds them equal.
ARG NODE_IMAGE=node:26.10.0-bookworm-slim

# `docker build --target checked .` is what CI runs.
FROM ${NODE_IMAGE} AS checked
WORKDIR /app
COPY . .
RUN npm ci
RUN npm test

# What a server needs, with the database client and the ready database that npm's `postinstall` makes.
FROM ${NODE_IMAGE} AS production
WORKDIR /app
COPY package.json package-lock.json .npmrc prisma.config.ts ./
COPY prisma ./prisma
COPY src ./src
RUN npm ci --omit=dev
# Done with: Prisma's tools have generated the client, and the image brings this version of Node itself. Half of the size.
RUN rm -rf node_modules/node node_modules/prisma node_modules/@prisma/engines node_modules/@prisma/studio-core node_modules/@prisma/dev \
  node_modules/@prisma/config node_modules/typescript

FROM ${NODE_IMAGE} AS bot
ENV NODE_ENV=production \
    DATA_DIR=/data \
    HTTP_HOST=0.0.0.0 \
    HTTP_PORT=9464
WORKDIR /app
COPY --from=production /app/node_modules ./node_modules
COPY --from=production /app/prisma ./prisma
COPY --from=production /app/src ./src
COPY package.json LICENSE ./
COPY commands ./commands
COPY prompts ./prompts
# A new volume takes over the owner of what it covers.
RUN install -d -o node -g node -m 700 /data
VOLUME ["/data"]
USER node
EXPOSE 9464
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9464/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# As `npm start` does it, without npm in between: SIGTERM reaches the program, which ends within 10 seconds.
ENTRYPOINT ["node", "--max-semi-space-size=4", "--v8-pool-size=1", \
  "--import", "./src/preload.mjs", "--import", "./src/env-file.mjs", "src/main.ts"]
