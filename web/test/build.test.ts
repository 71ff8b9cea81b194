import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { kMarker, kNoConnection, withPolicy } from '../build/content_security_policy';

const built = readFileSync(new URL('../dist/index.html', import.meta.url), 'utf8');

describe('the built page', () => {
  test('is one file that forbids itself everything else', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(built)![1];
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+';/);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    for (const [tag, name] of [['script type="module"[^>]*', 'script'], ['style[^>]*', 'style']] as const) {
      const text = new RegExp(`<${tag}>([\\s\\S]*?)</${name}>`).exec(built)![1];
      expect(policy).toContain(createHash('sha256').update(text).digest('base64'));
    }
    expect(built.indexOf('Content-Security-Policy')).toBeLessThan(built.indexOf('<script'));
  });
  test('has one marker and one connection rule, so that they can be replaced', () => {
    expect(built.split(kMarker)).toHaveLength(2);
    expect(built.split(kNoConnection)).toHaveLength(2);
  });
  test('is small', () => expect(built.length).toBeLessThan(300_000));
  test('holds no address of any machine', () => expect(built).not.toMatch(/\/work\/|\/home\/|localhost|127\.0\.0\.1|file:\/\//));
});

test('a page that refers to something else is refused', () => {
  const page = (extra: string) =>
    `<meta charset="utf-8"><script type="module">1</script><style>a{}</style>${extra}${kMarker}`;
  expect(withPolicy(page(''))).toContain('sha256-');
  expect(() => withPolicy(page('<img src="x.png">'))).toThrow('outside itself');
  expect(() => withPolicy(page('<style></style>'))).toThrow('2 styles');
  expect(() => withPolicy(page(kMarker))).toThrow('once');
});

test('the lock file names no registry', () => {
  const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
  for (const entry of Object.values(lock.packages) as { resolved?: string }[]) expect(entry.resolved).toBeUndefined();
  const { dependencies, devDependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  for (const version of Object.values({ ...dependencies, ...devDependencies })) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});
