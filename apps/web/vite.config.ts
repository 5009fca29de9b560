import { env } from 'node:process'
import react from '@vitejs/plugin-react'
import { defineConfig, type ProxyOptions } from 'vite'
import { precache } from './precache.ts'

const origin = `127.0.0.1:${env['PORT'] ?? '4750'}`
const server: Record<string, ProxyOptions> = {
  '/api': { target: `http://${origin}` },
  '/sync': { target: `ws://${origin}`, ws: true },
}

export default defineConfig(({ command }) => {
  // Whoever builds from inside a test run hands down NODE_ENV=test, which would build React for development.
  if (command === 'build') env['NODE_ENV'] = 'production'
  return {
    plugins: [react(), precache()],
    server: { port: 4751, strictPort: true, proxy: server },
    preview: { proxy: server },
    build: {
      // The content security policy allows fonts and images from our own origin only, so nothing is inlined as data: URLs.
      assetsInlineLimit: 0,
      target: 'es2023',
      sourcemap: true,
    },
  }
})
