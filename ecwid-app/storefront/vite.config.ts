/** Builds the script into one file: `vite build --config ecwid-app/storefront/vite.config.ts`. */
import { resolve } from 'node:path';
import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    outDir: resolve(import.meta.dirname, '../../dist/storefront'),
    emptyOutDir: true,
    lib: {
      entry: resolve(import.meta.dirname, 'index.ts'),
      formats: ['iife'],
      name: 'TillbridgeStorefront',
      fileName: () => 'storefront.js',
    },
  },
});
