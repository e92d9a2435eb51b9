import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

const gateway = process.env['WEB_GATEWAY_URL'] ?? 'http://127.0.0.1:3000';

export default defineConfig({
  resolve: { conditions: ['@skyflo/source', 'module', 'browser', 'development|production'] },
  ssr: {
    resolve: { conditions: ['@skyflo/source', 'module', 'node', 'development|production'] },
    noExternal: ['@skyflo/contracts'],
  },
  // Only `vite dev` uses this; built, the port belongs to server.mjs.
  server: { proxy: { '/api': gateway, '/mcp': gateway } },
  plugins: [
    tailwindcss(),
    sveltekit({
      adapter: adapter({ precompress: true }),
      compilerOptions: { runes: true },
      csp: {
        mode: 'nonce',
        directives: {
          'default-src': ['self'],
          'script-src': ['self'],
          'style-src': ['self'],
          'style-src-attr': ['unsafe-inline'],
          'img-src': ['self', 'data:'],
          'font-src': ['self'],
          'connect-src': ['self'],
          'frame-ancestors': ['none'],
          'base-uri': ['none'],
          'form-action': ['self'],
          'object-src': ['none'],
        },
      },
    }),
  ],
});
