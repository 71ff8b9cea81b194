// npm run example: two reports of synthetic results in example/, to look at.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kRoot } from '../build/root';
import { pageWith } from './encode_payload';
import { kDemo, kMedium, makePayload } from './make_payload';

mkdirSync(join(kRoot, 'example'), { recursive: true });
for (const [name, shape] of [['demo', kDemo], ['medium', kMedium]] as const) {
  const { spec, blocks } = makePayload(shape);
  const html = pageWith(spec, blocks, join(kRoot, 'dist/index.html'));
  writeFileSync(join(kRoot, 'example', `${name}.html`), html);
  const sizes = blocks.map(({ table, base64 }) => `${table.block} ${(base64.length / 1e6).toFixed(2)} MB`).join(', ');
  console.log(`${name}.html ${(html.length / 1e6).toFixed(2)} MB (${sizes})`);
}
