// Proves that the committed page is what its source gives: builds it afresh beside and compares byte for byte.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { kRoot } from './root';

const folder = mkdtempSync(join(tmpdir(), 'penfield-page-'));
try {
  await build({ root: kRoot, logLevel: 'warn', build: { outDir: folder, emptyOutDir: true } });
  const fresh = readFileSync(join(folder, 'index.html'));
  const committed = readFileSync(join(kRoot, 'dist/index.html'));
  if (!fresh.equals(committed)) {
    const at = fresh.findIndex((byte, i) => byte !== committed[i]);
    console.error(`web/dist/index.html is not what its source gives (first difference at byte ${at}); run npm run build`);
    process.exitCode = 1;
  } else {
    console.log(`web/dist/index.html is what its source gives (${fresh.length} bytes)`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
