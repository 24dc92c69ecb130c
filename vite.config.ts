import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressAssets } from './scripts/compress-assets.ts';

/** Builds the admin pages, `src/admin/` → `dist/admin/`; express serves them (src/web/admin-pages.ts). */
export default defineConfig({
  root: fileURLToPath(new URL('./src/admin', import.meta.url)),
  plugins: [react(), compressAssets()],
  server: {
    proxy: Object.fromEntries(
      ['/api', '/sign-in', '/sign-out', '/oauth', '/operator'].map((path) => [path, 'http://127.0.0.1:3000']),
    ),
  },
  build: {
    outDir: fileURLToPath(new URL('./dist/admin', import.meta.url)),
    emptyOutDir: true,
    // Every browser that Mantine 9 supports loads modules by itself; the polyfill would be an inline script.
    modulePreload: { polyfill: false },
    // Inlined files would be data: addresses, which the content security policy allows for pictures only.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    license: false,
  },
});
