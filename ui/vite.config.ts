import { fileURLToPath } from 'node:url'
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { entries } from './entries.ts'

const here = fileURLToPath(new URL('.', import.meta.url))

export default defineConfig({
  root: here,
  // Where the api serves hashed files from; every page's HTML refers to it absolutely, so `/i/<token>` and `/ops/…` work alike.
  base: '/',
  plugins: [react(), tailwind()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // A patient's phone downloads only what its page needs: no source map, no inlined blobs that would need `data:` in the CSP.
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: Object.fromEntries(entries.map((name) => [name, `${here}${name}.html`])) },
  },
})
