// The last step of the build: forbids the page everything but its own script, its own style, its own fonts and pictures that
// it draws. The hashes are of the exact text between the tags, so this runs when all other steps have written.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';

// What the program replaces by the payload; it must stand in the page once.
export const kMarker = '<script type="application/json" id="penfield-payload"></script>';
// What the server replaces for the explorer, which may ask its own server.
export const kNoConnection = "connect-src 'none'";

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

function textsOf(html: string, tag: 'script' | 'style', attributes: RegExp): string[] {
  return [...html.matchAll(new RegExp(`<${tag}\\b([^>]*)>([\\s\\S]*?)</${tag}>`, 'g'))]
    .filter((match) => attributes.test(match[1]))
    .map((match) => match[2]);
}

export function withPolicy(html: string): string {
  const scripts = textsOf(html, 'script', /type="module"/).map(hash);
  const styles = textsOf(html, 'style', /^/).map(hash);
  if (scripts.length !== 1 || styles.length !== 1) {
    throw new Error(`the page has ${scripts.length} scripts and ${styles.length} styles; it must have one of each`);
  }
  if (/\ssrc=|<link(?![^>]*rel="icon" href="data:,")/.test(html.replace(/<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>/g, ''))) {
    throw new Error('the page refers to something outside itself');
  }
  const policy = [
    "default-src 'none'", `script-src ${scripts[0]}`, `style-src ${styles[0]}`, 'img-src data: blob:', 'font-src data:',
    kNoConnection, "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
  ].join('; ');
  const out = html.replace('<meta charset="utf-8">', () =>
    `<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="${policy}">`);
  for (const once of [kMarker, kNoConnection]) {
    if (out.split(once).length !== 2) throw new Error(`the page must hold ${once} once`);
  }
  return out;
}

export function contentSecurityPolicy(): Plugin {
  let folder = '';
  return {
    name: 'penfield-content-security-policy',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle() {
      const file = join(folder, 'index.html');
      writeFileSync(file, withPolicy(readFileSync(file, 'utf8')));
    },
  };
}
