/** The variables of docker-compose.yaml that no service reads itself: names, images and places on the host. */
import { line } from '@plimsoll/contracts/setting-kinds'
import { declare } from '@plimsoll/contracts/settings'

export const composeVariables = declare({
  MONITOR_NAME: { doc: "The monitor's container name", fallback: 'live-monitor', parse: line() },
  TARGET_NAME: { doc: "The target app's container name", fallback: 'monitored-app', parse: line() },
  POSTGRES_PASSWORD: {
    doc: "The target app's database password; fixed once the database exists",
    fallback: 'plimsoll',
    parse: line(),
    secret: true,
  },
  DOCKER_SOCKET: {
    doc: "The engine's socket on this host; rootless: /run/user/1000/docker.sock",
    fallback: '/var/run/docker.sock',
    parse: line(),
  },
  NODE_IMAGE: { doc: 'Base image of the services', fallback: 'node:24-slim', parse: line() },
  POSTGRES_IMAGE: { doc: 'Image of the database', fallback: 'postgres:17', parse: line() },
  SOCKET_PROXY_IMAGE: { doc: 'Image of the socket proxy', fallback: 'wollomatic/socket-proxy:1', parse: line() },
})
