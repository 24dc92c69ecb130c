import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds the card inside Zoho, `src/widget/` → `extension/app/`; scripts/pack-extension.ts packs it. */
export default defineConfig({
  root: at('./src/widget'),
  // Zoho serves the files under a path of its own.
  base: './',
  build: {
    outDir: at('./extension/app'),
    emptyOutDir: true,
    // Zoho leaves files of unknown types out without a word, and maps are one.
    sourcemap: false,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    license: false,
    rolldownOptions: {
      input: { card: at('./src/widget/widget.html'), worklist: at('./src/widget/worklist.html') },
    },
  },
});
