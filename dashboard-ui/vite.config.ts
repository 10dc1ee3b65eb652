import { defineConfig } from 'vite'

/** Where `vite dev` finds a monitor: the real one, or `npm run mock`. */
const monitor = process.env.MONITOR_URL ?? 'http://127.0.0.1:8001'

export default defineConfig({
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  define: { __BUILD__: JSON.stringify(process.env.BUILD_ID ?? new Date().toISOString().slice(0, 16)) },
  build: {
    target: 'es2023',
    // The page is served with `script-src 'self'; style-src 'self'`: nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 400,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': monitor, '/socket.io': { target: monitor, ws: true } },
  },
})
