import { defineConfig } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';
import { contentSecurityPolicy } from './build/content_security_policy.ts';

export default defineConfig({
  plugins: [viteSingleFile({ removeViteModuleLoader: true }), contentSecurityPolicy()],
  build: {
    target: 'es2022',
    assetsInlineLimit: Number.MAX_SAFE_INTEGER, // the fonts
    modulePreload: { polyfill: false },
    outDir: process.env.PENFIELD_PAGE_OUT ?? 'dist',
    emptyOutDir: true,
    reportCompressedSize: false,
  },
});
