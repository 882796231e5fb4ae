import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const sequencer = 'http://127.0.0.1:8080';

export default defineConfig({
  root: import.meta.dirname,
  // The page works under any path: every address in it is relative.
  base: './',
  plugins: [react()],
  build: {
    target: 'es2023',
    // A strict content security policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/v1': sequencer } },
});
